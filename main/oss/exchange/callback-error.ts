import { readOssError } from './errors.ts';
import type { OssError } from './oss-error.ts';
import type { OssReply } from './request.ts';

/** Longest reply to an upload that is read; a callback server may answer with up to 1 MB. */
const MAX_BYTES = 64 * 1024;
const TIMEOUT_MS = 30_000;

/**
 * Whether an upload asks OSS to call a server back, in a header or in its URL. Only then does its reply say anything
 * about a callback: a 203 alone may come from a proxy on the way.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/callback
 */
export function asksForCallback(url: string, headers: Readonly<Record<string, string>>): boolean {
  const params = new URLSearchParams(/\?([^#]*)/.exec(url)?.[1]);
  return (
    Object.keys(headers).some((name) => name.toLowerCase() === 'x-oss-callback') ||
    ['callback', 'x-oss-callback'].some((name) => params.has(name))
  );
}

/**
 * The error in the reply to an upload with a callback that was stored, or null: OSS answers 203 with an error if the
 * callback failed, else with what the callback server answered. A body that breaks off changes nothing: the upload is
 * stored. The caller discards what is left of the body.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/callback
 */
export async function callbackErrorOf({ status, headers, body }: OssReply): Promise<OssError | null> {
  const mayBeError = status === 203 || headers['content-type']?.includes('xml') === true;
  const text = mayBeError ? await beginningOf(body) : '';
  const error = readOssError({ status, headers, body: text });
  return status === 203 || error.isCodeGuessed !== true ? error : null;
}

async function beginningOf(body: OssReply['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  const timer = setTimeout(() => body.destroy(), TIMEOUT_MS);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= MAX_BYTES) break;
    }
  } catch {
    // What was read may still say why.
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
