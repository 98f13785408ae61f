import { WaybillError } from '../failure.ts';

/** The error for a reply that is no answer of OSS at all: a proxy's page, or XML that ends early. */
export function malformedReply(status: number, detail: string, cause?: unknown): WaybillError {
  return new WaybillError({ kind: 'oss', status, code: 'MalformedReply', message: detail }, { cause });
}
