import type { Transfer } from '../../../main/contract/contract.ts';
import { failureSentences } from '../../../main/words/failure-text.ts';
import type { Messages } from '../../lib/messages.svelte.ts';

/** Why a single transfer failed and what to do next; null for several, each of which has its own reason. */
export function whyFailed([first, ...others]: readonly Transfer[], messages: Messages): string | null {
  return first?.state.at !== 'failed' || others.length > 0 ? null : failureSentences(first.state.because, messages);
}
