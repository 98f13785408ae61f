import { randomBytes } from 'node:crypto';
import { WaybillError } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import { bucketUrl } from '../../oss/endpoint.ts';
import { failureOfRequest } from '../../oss/exchange/errors.ts';
import { probe } from '../../oss/exchange/probe.ts';
import { bucketOfHost, readOssHost } from '../../oss/oss-host.ts';
import { type Answer, answerOf } from './deny-and-try.ts';
import type { HandedForm } from './handed-form.ts';

/** The largest file that is sent only to be refused. */
const MAX_PROBE_BYTES = 1024 * 1024;
const BOUNDARY = 'waybill-end-check';

/**
 * Sends a form with a file that OSS refuses for its size alone. Its rights are checked before: the other way round, this
 * would never see that the form is denied. Where that would take more than a megabyte, a small file goes to a key that the
 * form doesn't allow, which says only whether its signature holds.
 * @throws WaybillError `input` `form-host` for a form that leads elsewhere, `form-signature` for one that its key never
 *   signed: anyone can write such a file, to have somebody's uploads denied
 */
export async function tryForm(form: HandedForm, connection: Connection, signal?: AbortSignal): Promise<Answer> {
  const { action: url, bucket } = form;
  if (url === null) return 'untestable';
  if (!isActionOf(connection, bucket, url)) throw new WaybillError({ kind: 'input', field: 'form', rule: 'form-host' });
  const sized = bodyToRefuse(form);
  const body = sized ?? bodyElsewhere(form);
  if (body === null) return 'untestable';
  const headers = {
    'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
    'content-length': String(body.length),
  };
  const { error } = await probe({ url, method: 'POST', headers, body, signal }, connection.dispatcher);
  if (error !== null && failureOfRequest(error, { through: 'link', isTokenMissing: false }).cause === 'link-mismatch') {
    throw new WaybillError({ kind: 'input', field: 'form', rule: 'form-signature' });
  }
  // Taken, whatever its size: another try would store another file.
  return sized === null || error === null ? 'untestable' : answerOf(error);
}

/**
 * Whether a form is sent to its bucket, as far as the connection knows where that is: to its endpoint, which may be a custom
 * domain or this computer, or to one of OSS's own hosts for the bucket in the same region. A file names any address: what
 * answers elsewhere says nothing about the bucket, and must not be asked for a stranger.
 */
export function isActionOf(
  { endpoint, region }: Pick<Connection, 'endpoint' | 'region'>,
  bucket: string,
  action: string,
): boolean {
  const { origin, path } = bucketUrl(endpoint, bucket, null);
  if (action === origin + path) return true;
  const [, protocol = '', host = ''] = /^(https?):\/\/([a-z0-9.-]+)\/$/.exec(action) ?? [];
  if (protocol !== 'https' && protocol !== endpoint.protocol) return false;
  const found = readOssHost(host);
  if (found?.kind !== 'region' || bucketOfHost(found) !== bucket) return false;
  // V1 needs no region, and acceleration has none.
  return found.region === null || region.trim() === '' || found.region === region;
}

/** An upload that breaks nothing but the limits of size; null where that would take more than a megabyte. */
function bodyToRefuse(form: HandedForm): Buffer | null {
  const { keys, sizeBytes } = form;
  const length = sizeBytes.min > 0 ? 0 : sizeBytes.max + 1;
  if (length > MAX_PROBE_BYTES) return null;
  const [slot = ''] = keys.kind === 'slots' ? keys.keys : [];
  return bodyWith(form, keys.kind === 'prefix' ? `${keys.prefix}${checkName()}` : slot, length);
}

/** An upload to a key that the form doesn't allow; null for one that allows any. */
function bodyElsewhere(form: HandedForm): Buffer | null {
  const { keys } = form;
  if (keys.kind === 'prefix' && keys.prefix === '') return null;
  const isOther = (name: string): boolean =>
    keys.kind === 'prefix' ? !name.startsWith(keys.prefix) : !keys.keys.includes(name);
  const key = ['a', 'b'].map((letter) => `${letter}-${checkName()}`).find(isOther);
  return key === undefined ? null : bodyWith(form, key, Math.min(form.sizeBytes.max, 1));
}

function checkName(): string {
  return `waybill-check-${randomBytes(8).toString('hex')}`;
}

function bodyWith({ fields, contentTypes }: HandedForm, key: string, length: number): Buffer {
  const [type] = contentTypes;
  const all = [
    ['key', key] as const,
    ...fields,
    ...(type === undefined ? [] : [['x-oss-content-type', type] as const]),
  ];
  const part = (disposition: string): string => `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}`;
  const texts = all.map(([name, value]) => part(`name="${name}"\r\n\r\n${value}\r\n`));
  return Buffer.concat([
    Buffer.from(
      `${texts.join('')}${part('name="file"; filename="x"\r\nContent-Type: application/octet-stream\r\n\r\n')}`,
    ),
    Buffer.alloc(length),
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);
}
