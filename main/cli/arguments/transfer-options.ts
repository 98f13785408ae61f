import { own } from '../../own.ts';
import { USUAL_CONNECTIONS } from '../../transfers/byte-work.ts';
import type { OverwriteRule } from '../../transfers/tasks/requests.ts';
import { choiceError, UsageError } from './command.ts';
import { checkRange, parseBytes, readNumber, readSeconds } from './options.ts';
import { text as sentence } from '../terminal/sentences.ts';
import type { OptionTable } from '../usage/usage.ts';

const rules: Readonly<Record<string, OverwriteRule | 'ask'>> = {
  fail: 'refuse',
  skip: 'skip',
  replace: 'replace',
  'keep-both': 'keep-both',
  'skip-same': 'skip-same',
  newer: 'replace-older',
  ask: 'ask',
};

/** The values of --overwrite. */
export const overwriteRules: readonly string[] = Object.keys(rules);

/** The option --overwrite. `what`: the existing thing, with its article. */
export function overwriteOption(what: string, usual: string) {
  return {
    overwrite: {
      ...{ type: 'string', argument: 'RULE', value: overwriteRules },
      meaning: `if ${what} exists: fail, skip, replace, keep-both (adds a number), skip-same (same size and CRC-64, otherwise replace), newer (replace if older, otherwise skip), ask (on a terminal, for each or for all); default ${usual}`,
    },
  } as const satisfies OptionTable;
}

/** The option --force, as a word for one rule. */
export const forceOption = {
  force: { type: 'boolean', meaning: 'same as --overwrite replace' },
} as const satisfies OptionTable;

/** Options of every command that transfers data and can be resumed. */
export const queueOptions = {
  limit: {
    ...{ type: 'string', argument: 'RATE', heading: 'Transfers:' },
    meaning: 'maximum bytes per second, such as 500K or 2M (1K is 1024)',
  },
  patience: {
    ...{ type: 'string', argument: 'TIME' },
    meaning:
      'how long to wait while the network is down, such as 300 (seconds) or 1h, default 5m; 10s until something got through',
  },
  quiet: { type: 'boolean', meaning: 'print only errors' },
  parallel: { type: 'string', argument: 'N', meaning: 'large files at the same time, default 3' },
  connections: {
    ...{ type: 'string', argument: 'N' },
    meaning:
      'concurrent requests of each, default 4; that many small files (up to 8 MB), or up to twice as many if that is faster, count as one large file',
  },
  fresh: { type: 'boolean', meaning: 'start over, even if the same command was interrupted earlier' },
  'state-dir': {
    ...{ type: 'string', argument: 'FOLDER', value: 'folder' },
    meaning: 'where to record progress, instead of WAYBILL_STATE_DIR or ~/.local/state/waybill',
  },
} as const satisfies OptionTable;

/** Values of queueOptions. */
export interface TransferValues {
  readonly limit?: string | undefined;
  readonly patience?: string | undefined;
  readonly quiet?: boolean | undefined;
  readonly parallel?: string | undefined;
  readonly connections?: string | undefined;
  readonly fresh?: boolean | undefined;
  readonly 'state-dir'?: string | undefined;
}

/** The settings of a run of transfers. */
export interface TransferSettings {
  readonly slots: number;
  readonly connections: number;
  /** Bytes per second. */
  readonly limit: number | null;
  /** Milliseconds; null if not given. */
  readonly patienceMs: number | null;
  readonly isQuiet: boolean;
  readonly isFresh: boolean;
  readonly stateFolder: string | null;
}

const DEFAULT_SLOTS = '3';
const MOST_SLOTS = 64;
const MOST_CONNECTIONS = 64;
const A_YEAR = 31_536_000;

/** Reads the values of queueOptions. @throws UsageError */
export function readTransferSettings(values: TransferValues): TransferSettings {
  const { limit, patience, parallel = DEFAULT_SLOTS, connections = String(USUAL_CONNECTIONS) } = values;
  return {
    slots: readNumber(parallel, '--parallel', 1, MOST_SLOTS),
    connections: readNumber(connections, '--connections', 1, MOST_CONNECTIONS),
    limit: limit === undefined ? null : readRate(limit),
    patienceMs:
      patience === undefined ? null : checkRange(readSeconds(patience, '--patience'), '--patience', 0, A_YEAR) * 1000,
    isQuiet: values.quiet === true,
    isFresh: values.fresh === true,
    stateFolder: values['state-dir'] ?? null,
  };
}

/** Reads bytes per second, such as `2M`. @throws UsageError */
export function readRate(text: string): number {
  const rate = parseBytes(text);
  if (rate === null || rate < 1) throw new UsageError(sentence('cli.limit'));
  return rate;
}

/** `--force` as a rule. */
export function replacingBy(force: boolean | undefined): Parameters<typeof readOverwrite>[2] {
  return { name: '--force', isGiven: force === true, rule: 'replace' };
}

/** Reads --overwrite. `short`: the option that stands for one rule, such as --force. @throws UsageError */
export function readOverwrite(
  text: string | undefined,
  usual: OverwriteRule,
  short: { readonly name: string; readonly isGiven: boolean; readonly rule: OverwriteRule },
): OverwriteRule | 'ask' {
  if (text === undefined) return short.isGiven ? short.rule : usual;
  const rule = own(rules, text);
  if (rule === undefined) throw choiceError('--overwrite', overwriteRules);
  if (short.isGiven && rule !== short.rule)
    throw new UsageError(sentence('cli.exclusive', { first: `--overwrite ${text}`, second: short.name }));
  return rule;
}
