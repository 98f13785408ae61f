import { z } from 'zod';
import { own } from '../../own.ts';
import type { Exchange, Reply } from '../exchange.ts';
import type { ObjectVersion } from '../storage/object-version.ts';
import { toXml } from '../protocol/xml.ts';

/** Longest wait for the callback server, in milliseconds, as OSS waits. */
const ANSWER_MS = 5_000;

const callback = z.object({
  callbackUrl: z.string(),
  callbackBody: z.string(),
  callbackBodyType: z.string().default('application/x-www-form-urlencoded'),
});

const variables = z.record(z.string(), z.string());

/**
 * Calls the server that an upload names in x-oss-callback, if it is on this computer. OSS hands its answer to the
 * uploader. If the call fails, the object stays, and the answer is 203 with an error.
 * @returns null for an upload without a callback
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/callback
 */
export async function callBack(x: Exchange, version: ObjectVersion): Promise<Omit<Reply, 'headers'> | null> {
  const encoded = x.headers['x-oss-callback'] ?? x.target.query.get('callback');
  if (encoded == null) return null;
  const given = callback.safeParse(jsonOf(Buffer.from(encoded, 'base64').toString('utf8')));
  if (!given.success) return failed('The callback parameter is not valid.');
  const { callbackUrl, callbackBodyType } = given.data;
  if (!/^http:\/\/127\.0\.0\.1[:/]/.test(callbackUrl)) return failed('Only 127.0.0.1 is called back.');
  try {
    const answer = await fetch(callbackUrl, {
      method: 'POST',
      headers: { 'content-type': callbackBodyType },
      body: filled(given.data, x, version),
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const body = await answer.text();
    if (answer.status !== 200) return failed(`Error status : ${answer.status}.`);
    return jsonOf(body) === null ? failed('Response body is not valid json format.') : { status: 200, body };
  } catch {
    return failed('Error status : -1.');
  }
}

/** The reply to an upload whose callback was made: the answer of the callback server, or why there is none. */
export function withCallback(called: Omit<Reply, 'headers'>, headers: Readonly<Record<string, string>>): Reply {
  const type = called.status === 203 ? 'application/xml' : 'application/json';
  return { ...called, headers: { ...headers, 'Content-Type': type } };
}

function failed(message: string): Omit<Reply, 'headers'> {
  return { status: 203, body: toXml('Error', { Code: 'CallbackFailed', Message: message }) };
}

/** The body with its variables: those of the object, and those of x-oss-callback-var, which begin with `x:`. */
function filled(
  { callbackBody, callbackBodyType }: z.infer<typeof callback>,
  { headers, target }: Exchange,
  version: ObjectVersion,
): string {
  const encoded = headers['x-oss-callback-var'] ?? target.query.get('callback-var') ?? '';
  const custom = variables.safeParse(jsonOf(Buffer.from(encoded, 'base64').toString('utf8')));
  const values: Readonly<Record<string, string>> = {
    ...(custom.success ? custom.data : {}),
    bucket: target.bucket ?? '',
    object: target.key ?? '',
    size: String(version.sizeBytes),
    etag: version.etag,
    mimeType: version.headers['content-type'] ?? '',
  };
  const isJson = callbackBodyType === 'application/json';
  return callbackBody.replace(/\$\{([\w:]+)\}/g, (_all, name: string) => {
    const value = own(values, name) ?? '';
    if (!isJson) return encodeURIComponent(value);
    return name === 'size' ? value : JSON.stringify(value);
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
