import { WaybillError } from '../../failure.ts';
import { type AccessRule, readRule } from '../../policies/access-rule.ts';
import type { AccessPlan } from '../../policies/give-access.ts';
import type { TakenAway } from '../../policies/take-access.ts';
import { principalText, ruleText } from '../../words/access-text.ts';
import { formatExact, formatList } from '../../words/format.ts';
import type { Translator } from '../../words/translator.ts';
import type { Consent } from './consent.ts';

/** Asks before a bucket's policy lets somebody in, or no longer. Each throws WaybillError `cancelled`. */
export interface AccessQuestions {
  readonly give: (bucket: string, plan: AccessPlan) => Promise<void>;
  /**
   * @param rules those of the policy, as main has read them
   * @throws WaybillError `input` access-gone for a rule, or a principal, that isn't among them
   */
  readonly take: (bucket: string, taken: readonly TakenAway[], rules: readonly AccessRule[]) => Promise<void>;
}

/** @param current the language of the questions */
export function accessQuestions(consent: Consent, current: () => Translator): AccessQuestions {
  return {
    give: async (bucket, plan) => {
      const translator = current();
      const { text, locale } = translator;
      // From a few addresses, everyone isn't anyone on the internet.
      const name = plan.who.kind === 'everyone' && plan.isPublic ? 'access-public' : 'access-give';
      const detail = text(`consent.${name}.detail`, {
        who: principalText(plan.who, translator),
        what: formatList(whatOf(plan, bucket, translator), locale),
        moment: formatExact(plan.until, locale),
      });
      await consent.require({ message: text(`consent.${name}`, { bucket }), detail, proceed: text('access.give.do') });
    },
    take: async (bucket, taken, rules) => {
      const translator = current();
      const { text, locale } = translator;
      // Nobody can agree to what isn't there: it may be there by the time of the answer.
      if (!taken.every((one) => rules.some((rule) => isOf(one, rule)))) {
        throw new WaybillError({ kind: 'input', field: 'id', rule: 'access-gone' });
      }
      const ids = new Set(taken.map(({ id }) => id));
      // Taking a Deny away, or what isn't understood, may let somebody in.
      const lets = rules.some((rule) => ids.has(rule.id) && (rule.kind === 'other' || rule.effect === 'deny'));
      const name = lets ? 'access-take-deny' : 'access-take';
      const detail = text(`consent.${name}.detail`, { who: formatList(losers(taken, rules, translator), locale) });
      await consent.require({ message: text(`consent.${name}`, { bucket }), detail, proceed: text('access.take.do') });
    },
  };
}

/** What each statement of a plan allows, and where. */
function whatOf({ statements }: AccessPlan, bucket: string, translator: Translator): readonly string[] {
  return statements.flatMap((statement) => {
    const rule = readRule(statement, { bucket, now: 0, isBlocked: null });
    if (rule.kind === 'other') return [];
    // When it ends is said once for all of them.
    const shown = { ...rule, conditions: rule.conditions.filter(({ kind }) => kind !== 'until') };
    const { what, where, conditions } = ruleText(shown, translator, (at) => formatExact(at, translator.locale));
    return [[`${what} (${where})`, ...conditions].join(', ')];
  });
}

/** Whether a rule, or one of its principals, is what is to go. */
function isOf({ id, principal }: TakenAway, rule: AccessRule): boolean {
  if (rule.id !== id) return false;
  return principal === null || (rule.kind === 'read' && rule.who.some(({ text }) => text === principal));
}

/** Whom the rules name that go. */
function losers(taken: readonly TakenAway[], rules: readonly AccessRule[], translator: Translator): readonly string[] {
  const names = rules.flatMap((rule) => {
    const mine = taken.filter(({ id }) => id === rule.id);
    if (rule.kind === 'other' || mine.length === 0) return [];
    if (rule.who.length === 0) return [translator.text('access.who.everyone')];
    return rule.who
      .filter(({ text }) => mine.some(({ principal }) => principal === null || principal === text))
      .map(({ principal }) => principalText(principal, translator));
  });
  return [...new Set(names)];
}
