import type { Session } from '../../accounts/sts/credentials.ts';
import { batchPolicy } from '../../accounts/sts/policy.ts';
import { WaybillError } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import { bucketUrl, hostTypesOfRegion } from '../../oss/endpoint.ts';
import { checkBucket } from '../../oss/names.ts';
import { type FormField, signPostPolicy } from '../../oss/signing/post-policy.ts';
import { linkEndpoint, type LinkWarning, linkWarnings } from '../making/link-host.ts';
import type { LinkPlan } from '../making/link-plan.ts';
import { orProblem } from '../making/link-rules.ts';
import { lifetimeSeconds, linkValidity, type LinkValidity } from '../making/validity.ts';
import { type FormKeys, formKeys, type FormLimits, formProblems, formTerms } from './form-limits.ts';

/** A form that lets whoever has it upload files within its limits. Its fields are secrets. */
export interface UploadForm {
  readonly bucket: string;
  /** Where the form is sent, by POST: the URL of the bucket. */
  readonly action: string;
  /**
   * Sent unchanged and in this order, after `key` and before `file`. Where `contentTypes` isn't empty, the sender adds
   * `x-oss-content-type` with one of them.
   */
  readonly fields: readonly FormField[];
  readonly keys: FormKeys;
  /** Of one file; both ends are allowed. */
  readonly sizeBytes: { readonly min: number; readonly max: number };
  /** The only types that are accepted; empty: any. */
  readonly contentTypes: readonly string[];
  /** Whether OSS refuses a key that is taken, except in a bucket with versioning. */
  readonly forbidsOverwrite: boolean;
  /** Unix milliseconds, by the server's clock. */
  readonly validUntil: number;
  readonly signedBy: 'session' | 'key';
  /** A message to those who use the form; may be empty. */
  readonly note: string;
}

/** A form to issue. */
export interface FormRequest extends FormLimits {
  readonly bucket: string;
  readonly note?: string | undefined;
}

/** A session with less time left isn't worth a form. */
const MIN_SESSION_LEFT_MS = 60_000;

/**
 * Signs a form, dated by the server's clock. It is valid for the requested time, for 7 days, or as long as the session
 * that signs it, whichever is shortest.
 * @throws WaybillError `input` for limits that OSS would refuse, `credentials` token-expired if the session expires within
 *   a minute
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/postobject
 */
export function issueForm(
  connection: Connection,
  session: Session,
  request: FormRequest,
): { readonly form: UploadForm; readonly validity: LinkValidity } {
  const { bucket, sizeBytes, contentTypes, note = '' } = request;
  checkBucket(bucket);
  const [problem] = formProblems(request);
  if (problem !== undefined) throw new WaybillError(problem);
  const now = connection.clock.now();
  if (typeof session.validUntil === 'number' && session.validUntil - now < MIN_SESSION_LEFT_MS) {
    throw new WaybillError({ kind: 'credentials', cause: 'token-expired' });
  }
  const { region } = connection;
  const signVersion = request.signVersion ?? connection.signVersion;
  if (signVersion === 'v4' && region.trim() === '') {
    throw new WaybillError({ kind: 'input', field: 'region', rule: 'region-missing' });
  }
  const validity = formValidity(connection, session.validUntil, request);
  const { validUntil } = validity;
  const keys = formKeys(request);
  const { conditions, fields } = formTerms(request, keys);
  const { accessKey } = session;
  const signing = { bucket, region, signVersion, accessKey, signedAt: now, validUntil, conditions };
  const { origin, path } = bucketUrl(linkEndpoint(connection, request.host), bucket, null);
  const form: UploadForm = {
    ...{ bucket, action: origin + path, fields: [...signPostPolicy(signing).fields, ...fields] },
    ...{ keys, sizeBytes, contentTypes, forbidsOverwrite: request.forbidOverwrite, validUntil, note },
    signedBy: accessKey.securityToken === null ? 'key' : 'session',
  };
  return { form, validity };
}

/**
 * When a form expires. Forms of V1 get 7 days at most too: nobody should be able to write for longer without being asked
 * again.
 */
function formValidity(
  { clock }: Pick<Connection, 'clock'>,
  sessionValidUntil: Session['validUntil'],
  lifetime: FormLimits,
): LinkValidity {
  const now = clock.now();
  const expiresSeconds = lifetimeSeconds(lifetime, now);
  return linkValidity({ now, expiresSeconds, sessionValidUntil, signVersion: 'v4', clockOffsetMs: clock.offsetMs });
}

/** Checks the limits of a form and reports all problems at once. Signs and sends nothing. */
export function planForm(
  connection: Pick<Connection, 'endpoint' | 'region' | 'signVersion' | 'clock' | 'isPublicHostRefused'>,
  sessionValidUntil: Session['validUntil'],
  limits: FormLimits,
): LinkPlan {
  const problems = [...formProblems(limits)];
  const validity = orProblem(problems, () => formValidity(connection, sessionValidUntil, limits));
  const warnings = orProblem(problems, () => formWarnings(connection, limits)) ?? [];
  const hosts = hostTypesOfRegion(connection.region);
  return { validity, problems, warnings, hosts };
}

/** The warnings of links that apply to a form on the same host. A form needs no Content-Type of its own. */
function formWarnings(
  connection: Pick<Connection, 'endpoint' | 'region' | 'signVersion' | 'isPublicHostRefused'>,
  { host, forbidOverwrite, signVersion = connection.signVersion }: FormLimits,
): readonly LinkWarning[] {
  const headers: Record<string, string> = forbidOverwrite ? { 'x-oss-forbid-overwrite': 'true' } : {};
  const parts = { method: 'PUT' as const, params: {}, headers };
  const endpoint = linkEndpoint(connection, host);
  const warnings = linkWarnings({ endpoint, connection, signVersion, key: '', parts, options: { host, open: null } });
  return warnings.filter((warning) => warning !== 'no-content-type');
}

/**
 * The least session policy that a form needs, below its prefix or for its slots: oss:PutObject, and what OSS asks for
 * besides where the form sets an ACL or tags.
 */
export function formSessionPolicy(request: FormRequest): string {
  const { bucket, prefix } = request;
  const keys = formKeys(request);
  const headers = Object.fromEntries(formTerms(request, keys).fields);
  const named = keys.kind === 'prefix' ? { keys: [], prefixes: [prefix] } : { keys: keys.keys, prefixes: [] };
  return batchPolicy({ method: 'PUT', bucket, ...named, folder: prefix, pinned: false, headers });
}
