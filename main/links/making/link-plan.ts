import type { Session } from '../../accounts/sts/credentials.ts';
import type { Connection } from '../../oss/connection.ts';
import { type EndpointType, hostTypesOfRegion } from '../../oss/endpoint.ts';
import { linkEndpoint, type LinkWarning, linkWarnings } from './link-host.ts';
import { linkParts } from './link-parts.ts';
import { type InputFailure, linkProblems, orProblem } from './link-rules.ts';
import type { LinkRequest } from './sign-link.ts';
import { lifetimeSeconds, linkValidity, type LinkValidity } from './validity.ts';

/** What a link would be, before it is signed. */
export interface LinkPlan {
  /** Null if the lifetime itself is rejected. */
  readonly validity: LinkValidity | null;
  /** What OSS would reject, each with field, rule and allowed range; empty if the link can be created. */
  readonly problems: readonly InputFailure[];
  readonly warnings: readonly LinkWarning[];
  /** The types of hosts that the bucket's region has. */
  readonly hosts: readonly EndpointType[];
}

/** Checks the options of a link and reports all problems at once. Signs and sends nothing. */
export function planLink(
  connection: Pick<Connection, 'endpoint' | 'region' | 'signVersion' | 'clock' | 'isPublicHostRefused'>,
  sessionValidUntil: Session['validUntil'],
  request: LinkRequest,
): LinkPlan {
  const signVersion = request.signVersion ?? connection.signVersion;
  const now = connection.clock.now();
  const parts = linkParts(request, request);
  const problems: InputFailure[] = [...linkProblems(parts)];
  const validity = orProblem(problems, () => {
    const expiresSeconds = lifetimeSeconds(request, now);
    const { offsetMs: clockOffsetMs } = connection.clock;
    return linkValidity({ now, expiresSeconds, sessionValidUntil, signVersion, clockOffsetMs });
  });
  const endpoint = orProblem(problems, () => linkEndpoint(connection, request.host));
  const warnings =
    endpoint === null
      ? []
      : linkWarnings({ endpoint, connection, signVersion, key: request.key, parts, options: request });
  const hosts = hostTypesOfRegion(connection.region);
  return { validity, problems, warnings, hosts };
}
