import type { AccessRule } from '../policies/access-rule.ts';
import type { Condition } from '../policies/condition.ts';
import type { Place } from '../policies/place.ts';
import type { Principal } from '../policies/principal.ts';
import type { Rights } from '../policies/rights.ts';
import { escapeControls } from './controls.ts';
import { formatList } from './format.ts';
import type { Translator } from './translator.ts';

type ReadRule = Extract<AccessRule, { readonly kind: 'read' }>;

/*
 * Names in a policy come from the people who wrote it. Characters that turn the direction of a text, or that nobody sees, are
 * written out: else a key could rearrange the sentence that it stands in.
 */

/** What a rule of a bucket's policy says, apart from whom it is about. */
export interface RuleText {
  readonly what: string;
  readonly where: string;
  readonly conditions: readonly string[];
  readonly traps: readonly string[];
}

/** @param moment writes a time, given in Unix milliseconds */
export function ruleText(rule: ReadRule, translator: Translator, moment: (at: number) => string): RuleText {
  const { text, locale } = translator;
  const listed = listedPlaces(rule);
  const conditions = listed === null ? rule.conditions : rule.conditions.filter(({ kind }) => kind !== 'listing');
  return {
    what: rightsText(rule.rights, translator),
    where: formatList(
      (listed ?? rule.places).map((place) => placeText(place, translator)),
      locale,
    ),
    conditions: conditions.map((condition) => conditionText(condition, translator, moment)),
    traps: rule.traps.map((trap) => text(`access.trap.${trap}`)),
  };
}

/** Where a rule lets files be listed, if it says nothing else: policies say that of the bucket, with prefixes as a condition. */
function listedPlaces({ rights, places, conditions }: ReadRule): readonly Place[] | null {
  const isList = rights.known.join() === 'list' && rights.others.length === 0;
  if (!isList || !places.every(({ kind }) => kind === 'bucket')) return null;
  const prefixes = conditions.flatMap((one) => (one.kind === 'listing' ? one.values : []));
  if (conditions.filter(({ kind }) => kind === 'listing').length > 1) return null;
  if (!prefixes.every((pattern) => /^[^*?]*\*$/.test(pattern))) return null;
  const starts = prefixes.length === 0 ? [''] : prefixes.map((pattern) => pattern.slice(0, -1));
  return starts.map((prefix) => ({ kind: 'files', prefix }));
}

/** Whom a rule is about, in words. */
export function principalText(principal: Principal, { text }: Translator): string {
  switch (principal.kind) {
    case 'everyone':
      return text('access.who.everyone');
    case 'account':
      return text('access.who.account', { uid: principal.uid });
    case 'role':
      return text('access.who.role', { role: principal.role, uid: principal.uid });
    case 'session':
      return text('access.who.session', {
        ...{ session: principal.session, role: principal.role, uid: principal.uid },
      });
    case 'pattern':
      return text('access.who.pattern', { text: escapeControls(principal.text) });
    case 'other':
      return escapeControls(principal.text);
    default:
      return principal satisfies never;
  }
}

function rightsText({ isFull, known, others }: Rights, { text, locale }: Translator): string {
  if (isFull) return text('access.right.full');
  return formatList([...known.map((right) => text(`access.right.${right}`)), ...others.map(escapeControls)], locale);
}

function placeText(place: Place, { text }: Translator): string {
  switch (place.kind) {
    case 'bucket':
    case 'everything':
      return text(`access.place.${place.kind}`);
    case 'files':
      return place.prefix === ''
        ? text('access.place.all')
        : text('access.place.files', { prefix: escapeControls(place.prefix) });
    case 'file':
      return escapeControls(place.key);
    case 'pattern':
      return text('access.place.pattern', { text: escapeControls(place.text) });
    case 'elsewhere':
      return escapeControls(place.text);
    default:
      return place satisfies never;
  }
}

function conditionText(condition: Condition, { text, locale }: Translator, moment: (at: number) => string): string {
  if ('values' in condition) {
    return text(`access.condition.${condition.kind}`, {
      values: formatList(condition.values.map(escapeControls), locale),
    });
  }
  switch (condition.kind) {
    case 'until':
    case 'from':
      return text(`access.condition.${condition.kind}`, { moment: moment(condition.at) });
    case 'internet':
    case 'https':
      return text(`access.condition.${condition.kind}`);
    case 'other':
      return escapeControls(condition.text);
    default:
      return condition satisfies never;
  }
}
