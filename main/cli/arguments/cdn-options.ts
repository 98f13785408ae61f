import { readFile } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { registerSecrets } from '../../accounts/live-secrets.ts';
import { WaybillError } from '../../failure.ts';
import { withFileErrors } from '../../local-files/file-failure.ts';
import {
  type CdnAuth,
  type CdnDomain,
  cdnAuthSchema,
  cdnKeySchema,
  USUAL_VALIDITY_SECONDS,
} from '../../links/cdn/cdn-auth.ts';
import { cdnTypes, usualNames } from '../../links/text/cdn-url.ts';
import { text as sentence } from '../terminal/sentences.ts';
import type { OptionTable } from '../usage/usage.ts';
import { choiceError, type CommandContext, UsageError } from './command.ts';
import { readSeconds } from './options.ts';

/** The options of links through a CDN. */
export const cdnOptionTable = {
  'cdn-auth': {
    ...{ type: 'string', argument: 'TYPE', value: cdnTypes },
    heading: 'Links of a CDN domain with URL authentication, which need no AccessKey:',
    meaning: 'the type that is set at the CDN: A, B, C or F',
  },
  'cdn-domain': {
    ...{ type: 'string', argument: 'HOST' },
    meaning: 'the domain that the CDN accelerates; http://HOST without a certificate',
  },
  'cdn-key-file': {
    ...{ type: 'string', argument: 'FILE', value: 'path' },
    meaning: 'file with the primary or the secondary key, - for stdin; omit it to use WAYBILL_CDN_KEY',
  },
  'cdn-validity': {
    ...{ type: 'string', argument: 'TIME' },
    meaning: 'the validity that is set at the CDN, default 30m: the link is dated so that both end together',
  },
  'cdn-names': {
    ...{ type: 'string', argument: 'SIGN,TIME' },
    meaning: "the names of the parameters, for F if they aren't sign,time; for C, to use parameters",
  },
  'cdn-time': {
    ...{ type: 'string', argument: 'FORMAT', value: ['hex', 'decimal'] },
    meaning: 'for F: hex (default) or decimal',
  },
  'cdn-path': {
    ...{ type: 'string', argument: 'FORM', value: ['encoded', 'decoded'] },
    meaning: 'for F: whether the CDN hashes the path encoded (default) or decoded',
  },
  'cdn-check': {
    type: 'boolean',
    meaning: 'ask the CDN with one byte whether the link works, and whether it refuses the file without it',
  },
} as const satisfies OptionTable;

/** The names of cdnOptionTable. */
export const cdnOptionNames = Object.keys(cdnOptionTable) as readonly (keyof typeof cdnOptionTable)[];

/** Values of cdnOptionTable. */
export type CdnValues = { readonly [K in Exclude<keyof typeof cdnOptionTable, 'cdn-check'>]?: string | undefined } & {
  readonly 'cdn-check'?: boolean | undefined;
};

/** Reads how the CDN authenticates. @throws UsageError */
export function readCdnDomain(values: CdnValues): CdnDomain {
  const { 'cdn-domain': domain, 'cdn-validity': validity } = values;
  if (domain === undefined) {
    throw new UsageError(sentence('cli.requires', { option: '--cdn-auth', other: '--cdn-domain' }));
  }
  const validitySeconds = validity === undefined ? USUAL_VALIDITY_SECONDS : readSeconds(validity, '--cdn-validity');
  if (validitySeconds < 1) throw new UsageError(sentence('cli.seconds', { option: '--cdn-validity' }));
  return { domain, auth: readAuth(values), validitySeconds };
}

/** Options that belong to type F alone, besides the names. */
const onlyF = ['cdn-time', 'cdn-path'] as const;

function readAuth(values: CdnValues): CdnAuth {
  const type = cdnTypes.find((known) => known === values['cdn-auth']?.toUpperCase());
  if (type === undefined) throw choiceError('--cdn-auth', cdnTypes);
  const given = onlyF.find((name) => values[name] !== undefined);
  if (type !== 'F' && given !== undefined) throw requires(given, '--cdn-auth F');
  switch (type) {
    case 'A':
    case 'B':
      if (values['cdn-names'] !== undefined) throw requires('cdn-names', '--cdn-auth C');
      return { type };
    case 'C':
      return checked({ type, names: readNames(values['cdn-names']) });
    case 'F': {
      const names = readNames(values['cdn-names']) ?? usualNames.F;
      const time = readChoice(values['cdn-time'], '--cdn-time', ['hex', 'decimal']);
      return checked({ type, names, time, path: readChoice(values['cdn-path'], '--cdn-path', ['encoded', 'decoded']) });
    }
    default:
      return type satisfies never;
  }
}

function requires(option: string, other: string): UsageError {
  return new UsageError(sentence('cli.requires', { option: `--${option}`, other }));
}

function readNames(text: string | undefined): { readonly sign: string; readonly time: string } | null {
  if (text === undefined) return null;
  const [sign = '', time = '', ...more] = text.split(',').map((name) => name.trim());
  if (more.length > 0) throw new UsageError(sentence('cli.cdn.names'));
  return { sign, time };
}

function checked(auth: CdnAuth): CdnAuth {
  if (cdnAuthSchema.safeParse(auth).success) return auth;
  throw new UsageError(sentence('cli.cdn.names'));
}

/** The first choice is the usual one. */
function readChoice<const T extends string>(
  text: string | undefined,
  option: string,
  choices: readonly [T, ...T[]],
): T {
  const found = text === undefined ? choices[0] : choices.find((choice) => choice === text);
  if (found === undefined) throw choiceError(option, choices);
  return found;
}

/**
 * Reads the key of the CDN from the file of --cdn-key-file, from stdin for `-`, or from WAYBILL_CDN_KEY: never from an
 * argument, which every user of the computer can read.
 * @throws UsageError without any; WaybillError `file`, and `input` cdn-key for a text that can't be a key
 */
export async function readCdnKey(
  values: CdnValues,
  { env, signal }: Pick<CommandContext, 'env' | 'signal'>,
): Promise<{ readonly cdnKey: string }> {
  const file = values['cdn-key-file'];
  const text = file === undefined ? (env['WAYBILL_CDN_KEY'] ?? '') : await readKeyFile(file, signal);
  const cdnKey = text.trim();
  if (cdnKey === '') throw new UsageError(sentence('cli.cdn.no-key'));
  if (!cdnKeySchema.safeParse(cdnKey).success) throw new WaybillError({ kind: 'input', field: 'key', rule: 'cdn-key' });
  return registerSecrets({ cdnKey });
}

function readKeyFile(file: string, signal: AbortSignal): Promise<string> {
  if (file === '-') return textOf(addAbortSignal(signal, process.stdin));
  return withFileErrors(file, readFile(file, 'utf8'));
}
