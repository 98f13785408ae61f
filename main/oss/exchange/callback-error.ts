import { CALLBACK_TIMEOUT_MS, MAX_ERROR_BYTES } from '../limits.ts';
import { readOssError } from './errors.ts';
import type { OssError } from './oss-error.ts';
import type { OssReply } from './request.ts';

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
 * callback failed, else with what the callback server answered. Uses up the body. One that breaks off changes nothing: the
 * upload is stored.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/callback
 */
export async function callbackErrorOf({ status, headers, body }: OssReply): Promise<OssError | null> {
  const mayBeError = status === 203 || headers['content-type']?.includes('xml') === true;
  // Read in any case: a server may send a body without end where none is expected.
  const text = await beginningOf(body);
  const error = readOssError({ status, headers, body: mayBeError ? text : '' });
  return status === 203 || error.isCodeGuessed !== true ? error : null;
}

async function beginningOf(body: OssReply['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  const timer = setTimeout(() => body.destroy(), CALLBACK_TIMEOUT_MS);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= MAX_ERROR_BYTES) break;
    }
  } catch {
    // What was read may still say why.
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
