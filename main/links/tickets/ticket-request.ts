import mime from 'mime';
import type { Session } from '../../accounts/sts/credentials.ts';
import { isLoopback } from '../../http/authority.ts';
import { WaybillError } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import { bucketUrl, type Endpoint } from '../../oss/endpoint.ts';
import { linkEndpoint } from '../making/link-host.ts';
import type { LinkHost, LinkLifetime, LinkOptions } from '../making/link-options.ts';
import { linkParts, type LinkParts } from '../making/link-parts.ts';
import { type LinkPlan, planLink } from '../making/link-plan.ts';
import { type InputFailure, orProblem } from '../making/link-rules.ts';
import { ticketParts } from './ticket-parts.ts';

/** What an upload ticket is for. */
export interface TicketRequest extends Pick<LinkLifetime, 'expiresSeconds' | 'validUntil' | 'renewSession'> {
  readonly bucket: string;
  readonly key: string;
  /** The largest file that fits, in bytes. */
  readonly sizeBytes: number;
  readonly host?: LinkHost | undefined;
  /** Headers of the object, fixed by its owner. Without a Content-Type, that of the key's extension. */
  readonly upload?: Omit<NonNullable<LinkOptions['upload']>, 'contentMd5' | 'callback'> | undefined;
  /** Shown to the person who uploads; up to 2,000 characters. */
  readonly note?: string | undefined;
}

/** Headers that start the upload. An object in its place is kept, unless the request allows to replace it. */
export function ticketHeaders(request: TicketRequest): LinkParts {
  return linkParts(linkOptions(request), { key: request.key, versionId: null });
}

/**
 * The endpoint of a ticket's URLs.
 * @throws WaybillError `input` as linkEndpoint(); `ticket-https` for one without encryption, unless it is this computer
 */
export function ticketEndpoint(
  connection: Pick<Connection, 'endpoint' | 'region'>,
  { bucket, host }: Pick<TicketRequest, 'bucket' | 'host'>,
): Endpoint {
  const endpoint = linkEndpoint(connection, host);
  if (endpoint.protocol === 'https' || isLoopback(bucketUrl(endpoint, bucket, null).host)) return endpoint;
  throw new WaybillError({ kind: 'input', field: 'host', rule: 'ticket-https', limit: endpoint.host });
}

/** Checks the request for a ticket and reports all problems at once. Signs and sends nothing. */
export function planTicket(
  connection: Connection,
  sessionValidUntil: Session['validUntil'],
  request: TicketRequest,
): LinkPlan {
  const plan = planLink(connection, sessionValidUntil, {
    ...linkOptions(request),
    ...{ bucket: request.bucket, key: request.key, versionId: null },
  });
  const found: InputFailure[] = [];
  orProblem(found, () => ticketParts(request.sizeBytes));
  orProblem(found, () => ticketEndpoint(connection, request));
  // A host that no link can have is told already.
  const isTold = (one: InputFailure) =>
    plan.problems.some(({ field, rule }) => field === one.field && rule === one.rule);
  const problems = [...plan.problems, ...found.filter((one) => !isTold(one))];
  // A host without encryption is a problem.
  return { ...plan, problems, warnings: plan.warnings.filter((warning) => warning !== 'http') };
}

function linkOptions(request: TicketRequest): LinkOptions {
  const { key, expiresSeconds, validUntil, renewSession, host, upload = {} } = request;
  const contentType = upload.contentType ?? mime.getType(key) ?? 'application/octet-stream';
  const forbidOverwrite = upload.forbidOverwrite ?? true;
  const lifetime = { expiresSeconds, validUntil, renewSession, signVersion: 'v4' } as const;
  const fixed = { method: 'PUT', fileName: null, open: null } as const;
  return { ...lifetime, ...fixed, host, upload: { ...upload, contentType, forbidOverwrite } };
}
