import { type AccessRule, isWhole } from '../../policies/access-rule.ts';
import type { Condition } from '../../policies/condition.ts';
import type { Place } from '../../policies/place.ts';
import { type AccessReport, isBlocked } from '../../policies/read-access.ts';
import { escapeControls } from '../../words/controls.ts';
import type { CommandContext } from '../arguments/command.ts';
import { failureMessage } from '../terminal/failure-message.ts';
import { isoTime } from '../terminal/output.ts';
import { text as sentence } from '../terminal/sentences.ts';

type Output = CommandContext['out'];

/** Prints who has access: one line for the bucket, one for each rule. What is easily overlooked goes to stderr. */
export async function printReport(report: AccessReport, bucket: string, json: boolean, out: Output): Promise<void> {
  const { policy, acl, blocked, isPolicyPublic } = report;
  const own = { bucket, acl, blockPublicAccess: blocked, isPolicyPublic };
  const block = isBlocked(blocked);
  const words = block === null ? 'unknown' : block ? 'on' : 'off';
  await out.answer(json ? JSON.stringify(own) : `acl ${acl ?? 'unknown'}, Block Public Access ${words}`);
  if (policy.kind === 'unreadable') out.say(sentence('cli.access.unreadable', { bucket }));
  if (policy.kind === 'denied') out.say(failureMessage(policy.failure));
  if (policy.kind !== 'read') return;
  await printRules(policy.rules, json, out);
  if (policy.otherRules > 0) out.say(sentence('access.other-places', { count: policy.otherRules }));
}

/** Prints rules, one a line, and on stderr what is easily overlooked in them. */
export async function printRules(rules: readonly AccessRule[], json: boolean, out: Output): Promise<void> {
  for (const rule of rules) {
    await out.answer(json ? JSON.stringify(ruleJson(rule)) : ruleLine(rule));
    if (rule.kind === 'other') continue;
    for (const trap of rule.traps) {
      out.say(sentence('cli.labelled', { name: rule.id, message: sentence(`access.trap.${trap}`) }));
    }
  }
}

function ruleJson(rule: AccessRule): object {
  const parsed: unknown = JSON.parse(rule.json);
  // Parsing may round a number, or drop a name that is there twice.
  const statement = { statement: parsed, ...(isWhole(parsed, rule.json) ? {} : { written: rule.json }) };
  if (rule.kind === 'other') return { id: rule.id, ...statement };
  const { id, effect, who, rights, until, traps } = rule;
  const allow = [...rights.known, ...rights.others];
  const named = { who: who.length === 0 ? ['*'] : who.map(({ text }) => text), allow, full: rights.isFull };
  return { id, effect, ...named, until: until === null ? null : isoTime(until), warnings: traps, ...statement };
}

function ruleLine(rule: AccessRule): string {
  if (rule.kind === 'other') return `${rule.id}  other  ${escapeControls(onOneLine(rule.json))}`;
  const { id, effect, who, rights, places, conditions } = rule;
  const names = who.map(({ principal, text }) => (principal.kind === 'everyone' ? 'everyone' : text));
  const columns = [
    ...[id, effect.padEnd(5), names.length === 0 ? 'everyone' : names.join(',')],
    rights.isFull ? 'full' : [...rights.known, ...rights.others].join(','),
    places.map(placeColumn).join(','),
    ...conditions.map(conditionColumn),
  ];
  return columns.map(escapeControls).join('  ');
}

/** Without its indentation, where that says the same. */
function onOneLine(json: string): string {
  const parsed: unknown = JSON.parse(json);
  return isWhole(parsed, json) ? JSON.stringify(parsed) : json;
}

/** A place as a pattern of keys; `/` is the bucket itself. */
function placeColumn(place: Place): string {
  switch (place.kind) {
    case 'bucket':
      return '/';
    case 'everything':
      return '/,*';
    case 'files':
      return `${place.prefix}*`;
    case 'file':
      return place.key;
    case 'pattern':
    case 'elsewhere':
      return place.text;
    default:
      return place satisfies never;
  }
}

function conditionColumn(condition: Condition): string {
  if ('values' in condition) return `${condition.kind}=${condition.values.join(',')}`;
  switch (condition.kind) {
    case 'until':
    case 'from':
      return `${condition.kind}=${isoTime(condition.at)}`;
    case 'internet':
    case 'https':
      return condition.kind;
    case 'other':
      return condition.text;
    default:
      return condition satisfies never;
  }
}
