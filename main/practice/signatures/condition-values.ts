import { own } from '../../own.ts';
import type { Target } from '../protocol/target.ts';

/** What conditions ask of a request. */
interface Asked {
  readonly target: Target;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly remoteAddress: string;
  readonly isSecure: boolean;
  /** The server's clock, Unix milliseconds. */
  readonly nowMs: number;
}

/**
 * The values that conditions of policies compare, by names in lower case. `acs:AccessId` comes from the caller; there is
 * no network (`acs:SourceVpc`).
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/authorization-syntax-and-elements
 */
export function conditionValues({ target, headers, remoteAddress, isSecure, nowMs }: Asked): Record<string, string> {
  const sent = {
    'oss:x-oss-object-acl': 'x-oss-object-acl',
    'oss:x-oss-acl': 'x-oss-acl',
    'acs:useragent': 'user-agent',
  };
  const named = Object.entries(sent).flatMap(([name, header]) => {
    const value = own(headers, header);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    'oss:prefix': target.query.get('prefix') ?? '',
    'oss:delimiter': target.query.get('delimiter') ?? '',
    'acs:sourceip': remoteAddress,
    'acs:securetransport': String(isSecure),
    'acs:currenttime': new Date(nowMs).toISOString(),
    'acs:mfapresent': 'false',
    ...Object.fromEntries(named),
  };
}
