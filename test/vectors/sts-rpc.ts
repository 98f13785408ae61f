import { createHmac } from 'node:crypto';
import { percentEncode } from '../../main/oss/canonical.ts';
import { decodeForm, differs, firstDifference, sorted } from './difference.ts';
import type { Difference } from './difference.ts';
import type { RpcRecord } from './records.ts';

/** Signs an RPC-style call (HMAC-SHA1) as the STS documentation says, and compares. */
export function checkRpc(record: RpcRecord): Difference {
  const { stringToSign, signature } = signRpc(record.method, record.params, record.accessKeySecret);
  const sent = [...Object.entries(record.params), ['Signature', signature] as const];
  const { expected } = record;
  const [address = '', query] = (expected.url ?? '').split('?');
  const wire = expected.body ?? query;
  return firstDifference(
    differs('string_to_sign', stringToSign, expected.string_to_sign),
    differs('signature', signature, expected.signature),
    differs('params as sent', sorted(sent), wire == null ? null : sorted(decodeForm(wire))),
    expected.url == null ? null : differs('address', address.replace(/\/$/, ''), record.endpoint.replace(/\/$/, '')),
  );
}

/**
 * The app's own STS calls go through @alicloud/sts20150401, which signs otherwise; this is what other clients send.
 * @see https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism
 */
export function signRpc(
  method: string,
  params: Readonly<Record<string, string>>,
  accessKeySecret: string,
): { stringToSign: string; signature: string } {
  const pairs = Object.entries(params)
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`);
  const stringToSign = `${method}&${percentEncode('/')}&${percentEncode(pairs.join('&'))}`;
  return { stringToSign, signature: createHmac('sha1', `${accessKeySecret}&`).update(stringToSign).digest('base64') };
}
