import type { CorsCheck } from '../../../main/contract/contract.ts';
import { failureSentences } from '../../../main/words/failure-text.ts';
import { formatCount, formatList } from '../../../main/words/format.ts';
import type { Messages } from '../../lib/messages.svelte.ts';

/** Whether pages reach the bucket; if not, why. */
export function corsText(check: CorsCheck, messages: Messages): string {
  const { text, locale } = messages;
  switch (check.kind) {
    case 'fits':
    case 'no-rule':
      return text(`request.cors.${check.kind}`);
    case 'shadowed':
      return text('request.cors.shadowed', {
        number: formatCount(check.number, locale),
        hidden: formatList(check.hidden, locale),
      });
    case 'not-exposed':
    case 'may-not-read':
      return text(`request.cors.${check.kind}`, { hidden: formatList(check.hidden, locale) });
    case 'not-reached':
      return text('request.cors.not-reached', { reason: failureSentences(check.failure, messages) });
    default:
      return check satisfies never;
  }
}
