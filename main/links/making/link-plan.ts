import type { Session } from '../../accounts/sts/credentials.ts';
import { toFailure } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import { linkEndpoint, linkWarnings } from './link-host.ts';
import { linkParts } from './link-parts.ts';
import { type InputFailure, linkProblems } from './link-rules.ts';
import type { ShareRequest } from './share-link.ts';
import type { LinkPlan, LinkValidity } from './shared-link.ts';
import { effectiveEnd, lifetimeSeconds } from './validity.ts';

/** What a link would be, and all that is wrong with its options at once. Nothing is signed or sent. */
export function planLink(
  connection: Pick<Connection, 'endpoint' | 'region' | 'signVersion' | 'clock'>,
  sessionValidUntil: Session['validUntil'],
  request: ShareRequest,
): LinkPlan {
  const signVersion = request.signVersion ?? connection.signVersion;
  const now = connection.clock.now();
  const parts = linkParts(request, request);
  const problems: InputFailure[] = [...linkProblems(parts)];
  const orNull = <T>(work: () => T): T | null => {
    try {
      return work();
    } catch (error) {
      const failure = toFailure(error);
      if (failure.kind !== 'input') throw error;
      problems.push(failure);
      return null;
    }
  };
  const validity: LinkValidity | null = orNull(() => {
    const expiresSeconds = lifetimeSeconds(request, now);
    return effectiveEnd({ now, expiresSeconds, sessionValidUntil, signVersion });
  });
  const endpoint = orNull(() => linkEndpoint(connection, request.host));
  const warnings =
    endpoint === null ? [] : linkWarnings({ endpoint, signVersion, key: request.key, parts, options: request });
  return { validity, problems, warnings };
}
