import type { AccessRule } from '../policies/access-rule.ts';
import type { Condition } from '../policies/condition.ts';
import type { Place } from '../policies/place.ts';
import type { Principal } from '../policies/principal.ts';
import type { Rights } from '../policies/rights.ts';
import { formatList } from './format.ts';
import type { Translator } from './translator.ts';

type ReadRule = Extract<AccessRule, { readonly kind: 'read' }>;

/** What a rule of a bucket's policy says, apart from whom it is about. */
export interface RuleText {
  readonly what: string;
  readonly where: string;
  readonly conditions: readonly string[];
  readonly traps: readonly string[];
}

/** @param moment writes a time, given in Unix milliseconds */
export function ruleText(
  { rights, places, conditions, traps }: ReadRule,
  translator: Translator,
  moment: (at: number) => string,
): RuleText {
  const { text, locale } = translator;
  return {
    what: rightsText(rights, translator),
    where: formatList(
      places.map((place) => placeText(place, translator)),
      locale,
    ),
    conditions: conditions.map((condition) => conditionText(condition, translator, moment)),
    traps: traps.map((trap) => text(`access.trap.${trap}`)),
  };
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
      return text('access.who.pattern', { text: principal.text });
    case 'other':
      return principal.text;
    default:
      return principal satisfies never;
  }
}

function rightsText({ isFull, known, others }: Rights, { text, locale }: Translator): string {
  if (isFull) return text('access.right.full');
  return formatList([...known.map((right) => text(`access.right.${right}`)), ...others], locale);
}

function placeText(place: Place, { text }: Translator): string {
  switch (place.kind) {
    case 'bucket':
    case 'everything':
      return text(`access.place.${place.kind}`);
    case 'files':
      return place.prefix === '' ? text('access.place.all') : text('access.place.files', { prefix: place.prefix });
    case 'file':
      return place.key;
    case 'pattern':
      return text('access.place.pattern', { text: place.text });
    case 'elsewhere':
      return place.text;
    default:
      return place satisfies never;
  }
}

function conditionText(condition: Condition, { text, locale }: Translator, moment: (at: number) => string): string {
  if ('values' in condition) {
    return text(`access.condition.${condition.kind}`, { values: formatList(condition.values, locale) });
  }
  switch (condition.kind) {
    case 'until':
    case 'from':
      return text(`access.condition.${condition.kind}`, { moment: moment(condition.at) });
    case 'internet':
    case 'https':
      return text(`access.condition.${condition.kind}`);
    case 'other':
      return condition.text;
    default:
      return condition satisfies never;
  }
}
