import { setTimeout as wait } from 'node:timers/promises';
import { isDenied, toFailure } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import { getBucketCors } from '../../oss/operations/cors.ts';
import { checkPageCors, type CorsCheck, type PageMethod } from '../../links/pages/cors-check.ts';
import { corsEditor, corsRuleText, pageCorsRule, withoutRule, withRuleFirst } from '../../links/pages/cors-rule.ts';
import { formatList } from '../../words/format.ts';
import { choiceError, type CommandContext } from '../arguments/command.ts';
import { failureMessage } from '../terminal/failure-message.ts';
import { sentences, text as sentence } from '../terminal/sentences.ts';

/** Reads --cors. @throws UsageError */
export function readCorsOption(text: string | undefined): 'add' | 'remove' | null {
  if (text === undefined || text === 'add' || text === 'remove') return text ?? null;
  throw choiceError('--cors', ['add', 'remove']);
}

/** The page that is about to be handed out. */
export interface PageToWarnOf {
  readonly bucket: string;
  /** Where it sends its requests: the address of the bucket. */
  readonly action: string;
  /** A page that is for downloads works without a rule, but then it can't check them. */
  readonly uses: 'upload' | 'upload-in-parts' | 'download';
  /** Whether to set the rule first. */
  readonly cors: 'add' | null;
}

const methods: Readonly<Record<PageToWarnOf['uses'], readonly PageMethod[]>> = {
  upload: ['POST'],
  'upload-in-parts': ['POST', 'PUT', 'GET'],
  download: ['GET'],
};

/** Checks after the rule was set, a second apart: no document of OSS says how soon it counts. */
const CHECKS = 5;
const PAUSE_MS = 1000;

/**
 * Says on stderr why browsers won't let a page reach its bucket, with the rule that would. With `add`, sets the rule first
 * and says that.
 * @throws WaybillError if the rule was to be set and couldn't be
 */
export async function warnOfCors(connection: Connection, page: PageToWarnOf, context: CommandContext): Promise<void> {
  const { out } = context;
  if (page.cors === 'add') await addRule(connection, page.bucket, context);
  const found = await check(connection, page, context);
  if (found.kind === 'fits') return;
  if (page.cors === 'add' && found.kind !== 'not-reached') {
    out.say(sentence('cli.cors.waiting'));
    return;
  }
  out.say(warningOf(found, page.uses));
  out.say(corsRuleText(pageCorsRule));
}

/** `--cors remove`: takes the rule away, and says so. @returns the exit code */
export async function removePageCors(
  connection: Connection,
  bucket: string,
  { out, signal }: CommandContext,
): Promise<number> {
  const { isWritten, after } = await corsEditor().change(connection, bucket, withoutRule, signal);
  const count = after?.rules.length ?? 0;
  out.say(isWritten ? sentence('cli.cors.removed', { bucket, count }) : sentence('cli.cors.none', { bucket }));
  return 0;
}

async function addRule(connection: Connection, bucket: string, { out, signal }: CommandContext): Promise<void> {
  const { isWritten } = await corsEditor()
    .change(connection, bucket, withRuleFirst, signal)
    .catch((error: unknown) => {
      // Who may not set it can ask someone who may.
      if (isDenied(toFailure(error)))
        out.say(`${sentence('cli.cors.paste', { bucket })}\n${corsRuleText(pageCorsRule)}`);
      throw error;
    });
  out.say(sentence(isWritten ? 'cli.cors.added' : 'cli.cors.there', { bucket }));
}

async function check(connection: Connection, page: PageToWarnOf, { signal }: CommandContext): Promise<CorsCheck> {
  const { bucket, action, uses, cors } = page;
  const rules = () => getBucketCors(connection, bucket, signal);
  const access = { url: action, methods: methods[uses], dispatcher: connection.dispatcher, rules, signal };
  let found = await checkPageCors(access);
  for (let turn = 1; cors === 'add' && found.kind !== 'fits' && turn < CHECKS; turn++) {
    await wait(PAUSE_MS, undefined, { signal });
    found = await checkPageCors(access);
  }
  return found;
}

function warningOf(check: Exclude<CorsCheck, { readonly kind: 'fits' }>, uses: PageToWarnOf['uses']): string {
  switch (check.kind) {
    case 'no-rule':
      return sentence(`cli.cors.no-rule.${uses === 'download' ? uses : 'upload'}`);
    case 'shadowed':
      return sentence('cli.cors.shadowed', { number: check.number, hidden: namesOf(check) });
    case 'not-exposed':
      return sentence('cli.cors.not-exposed', { hidden: namesOf(check) });
    case 'may-not-read':
      return sentence('cli.cors.may-not-read', { hidden: namesOf(check) });
    case 'not-reached':
      return sentence('cli.cors.not-reached', { reason: failureMessage(check.failure) });
    default:
      return check satisfies never;
  }
}

function namesOf({ hidden }: { readonly hidden: readonly string[] }): string {
  return formatList(hidden, sentences.locale);
}
