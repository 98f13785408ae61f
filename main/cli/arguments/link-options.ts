import { isIP } from 'node:net';
import type { LinkHost, LinkLifetime } from '../../links/making/link-options.ts';
import { choiceError, UsageError } from './command.ts';
import { readSeconds } from './options.ts';
import { text as sentence } from '../terminal/sentences.ts';
import type { OptionTable } from '../usage/usage.ts';

const DEFAULT_EXPIRES = '1h';

const hosts = ['public', 'internal', 'accelerate', 'dualstack'] as const;

/** Options of every command that creates links. */
export const linkOptionTable = {
  expires: {
    ...{ type: 'string', argument: 'TIME' },
    meaning: `validity such as 900 (seconds), 15m, 12h or 7d, default ${DEFAULT_EXPIRES}; at most 7d with v4`,
  },
  until: {
    ...{ type: 'string', argument: 'TIME' },
    meaning: 'expiry time instead of --expires, such as 2026-11-30T18:00:00Z',
  },
  'link-host': {
    ...{ type: 'string', argument: 'HOST', value: hosts },
    meaning: 'host of the link: public, internal, accelerate, dualstack, or a domain of the bucket',
  },
} as const satisfies OptionTable;

/** Reads --expires and --until. @throws UsageError */
export function readLifetime(values: {
  readonly expires?: string | undefined;
  readonly until?: string | undefined;
}): LinkLifetime {
  const { expires, until } = values;
  if (until === undefined) {
    return { expiresSeconds: readSeconds(expires ?? DEFAULT_EXPIRES, '--expires') };
  }
  if (expires !== undefined) throw new UsageError(sentence('cli.exclusive', { first: '--expires', second: '--until' }));
  const validUntil = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)$/.test(until)
    ? Date.parse(until)
    : Number.NaN;
  if (Number.isNaN(validUntil)) throw new UsageError(sentence('cli.until'));
  return { validUntil };
}

/** Reads --link-host. @throws UsageError */
export function readLinkHost(text: string | undefined): LinkHost | undefined {
  if (text === undefined) return undefined;
  const host = hosts.find((one) => one === text);
  if (host !== undefined) return host;
  if (text.includes('.') && isIP(text) === 0) return { domain: text };
  throw choiceError('--link-host', [...hosts, sentence('cli.link-host.domain')]);
}
