import { WaybillError } from '../failure.ts';
import { readAuthority } from './authority.ts';
import type { OutgoingRequest } from './message.ts';

/*
 * ASCII alone, and in header values any byte: other characters would be cut to 8 bits, and U+010A is then a line feed.
 * Anything else, CR and LF above all, could add headers or requests (RFC 9112, 11.1).
 */
const methodPattern = /^[A-Z]+$/;
const pathPattern = /^\/[\x21-\x7e]*$/;
const namePattern = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
const valuePattern = /^[\t\x20-\x7e\x80-\xff]*$/;

type Head = Pick<OutgoingRequest, 'origin' | 'path' | 'method' | 'headers'>;

/**
 * Throws unless a request's head can be written as it is: every request passes this check before it is sent.
 * @throws WaybillError `input`, with the header's name as its field where a header is at fault
 */
export function checkHead({ origin, path, method, headers }: Head): void {
  const authority = /^https?:\/\/([^/?#@]*)$/i.exec(origin)?.[1] ?? '';
  if (readAuthority(authority) === null) throw refused('endpoint', 'endpoint-format');
  if (!methodPattern.test(method) || !pathPattern.test(path)) throw refused('key', 'key-not-unicode');
  for (const [name, value] of Object.entries(headers)) {
    if (!namePattern.test(name)) throw refused('header', 'not-ascii');
    if (!valuePattern.test(value)) throw refused(name, 'not-ascii');
  }
}

function refused(field: string, rule: string): WaybillError {
  return new WaybillError({ kind: 'input', field, rule });
}
