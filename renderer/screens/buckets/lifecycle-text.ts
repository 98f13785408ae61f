import type { LifecycleAction } from '../../../main/contract/contract.ts';
import { escapeControls } from '../../../main/words/controls.ts';
import { formatDate } from '../../../main/words/format.ts';
import type { Messages } from '../../lib/messages.svelte.ts';
import { storageClassText } from '../../lib/storage-class.ts';

/** What an action of a lifecycle rule does, as a sentence. */
export function lifecycleText(action: LifecycleAction, messages: Messages): string {
  const { text, locale } = messages;
  if (action.kind === 'remove-markers') return text('bucket.lifecycle.remove-markers');
  if (action.kind === 'other') return text('bucket.lifecycle.other', { element: escapeControls(action.element) });
  const { kind, when } = action;
  const storageClass = 'storageClass' in action ? storageClassText(action.storageClass, messages) : '';
  return when.kind === 'before'
    ? text(`bucket.lifecycle.${kind}.before`, { storageClass, moment: formatDate(when.moment, locale) })
    : text(`bucket.lifecycle.${kind}.${when.kind}`, { storageClass, days: when.days });
}
