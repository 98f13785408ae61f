import type { Readable } from 'node:stream';
import { WaybillError } from '../../failure.ts';
import { TEXT_TIMEOUT_MS } from '../limits.ts';
import { networkFailure } from './network-failure.ts';

/** How much of a body is read, and for how long. */
export interface TextLimits {
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/** The limits of a request. */
export function textLimits(
  { textTimeoutMs = TEXT_TIMEOUT_MS }: { readonly textTimeoutMs?: number },
  maxBytes: number,
): TextLimits {
  return { maxBytes, timeoutMs: textTimeoutMs };
}

/** Reads a whole body, up to a size and within a time. @throws WaybillError `network` */
export async function readText(body: Readable, { maxBytes, timeoutMs }: TextLimits, host: string): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  const timer = setTimeout(() => {
    body.destroy(new WaybillError({ kind: 'network', reason: 'timeout', host }));
  }, timeoutMs);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      length += chunk.length;
      // A reply this long isn't from OSS; parsing what was read will fail.
      if (length > maxBytes) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw networkFailure(error, host);
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
