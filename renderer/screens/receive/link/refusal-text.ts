import { diagnosisText } from '../../../../main/words/diagnosis-text.ts';
import { failureText } from '../../../../main/words/failure-text.ts';
import type { Messages } from '../../../lib/messages.svelte.ts';
import type { Refusal } from '../receive.svelte.ts';

interface RefusalText {
  readonly title: string;
  readonly sentences: readonly string[];
  readonly details: string | null;
}

/** What the banner of a refused link says: one finding, the newest. */
export function refusalText(refusal: Refusal, messages: Messages): RefusalText {
  if (refusal.kind === 'diagnosis') {
    const { title, next, orElse, clock, details } = diagnosisText(refusal.diagnosis, messages);
    return { title, sentences: [next, ...orElse, ...(clock === null ? [] : [clock])], details };
  }
  const { title, next, details } = failureText(refusal.failure, messages);
  // The likely cause of a mismatch depends on what was attempted, which the failure doesn't include.
  const isMismatch = refusal.failure.kind === 'link' && refusal.failure.cause === 'link-mismatch';
  const likely = isMismatch && refusal.tried !== null ? messages.text(`receive.refused.${refusal.tried}`) : next;
  return { title, sentences: [likely], details };
}
