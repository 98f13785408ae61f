import { text } from '../shared/texts.ts';
import type { FileState } from './checked-downloads.ts';

/** How a state looks: neutral, good, or in need of attention. */
export type Tone = 'quiet' | 'good' | 'bad';

/** A sentence, and how it looks. */
export interface Said {
  readonly tone: Tone;
  readonly text: string;
}

/** What a file's state says. */
export function stateText(state: FileState): Said {
  switch (state.at) {
    case 'waiting':
    case 'running':
      return { tone: 'quiet', text: text(`page.share.state.${state.at}`) };
    case 'stopped':
      return { tone: 'quiet', text: text('page.share.stopped') };
    case 'verified':
      return { tone: 'good', text: text('page.share.state.verified') };
    case 'replaced':
    case 'unchecked':
      return { tone: 'quiet', text: text(`page.share.state.${state.at}`) };
    case 'damaged':
    case 'differs':
      return { tone: 'bad', text: text(`page.share.state.${state.at}`) };
    case 'failed':
      return { tone: 'bad', text: failedText(state.trouble) };
    default:
      return state satisfies never;
  }
}

function failedText(trouble: Extract<FileState, { readonly at: 'failed' }>['trouble']): string {
  return trouble.kind === 'refused'
    ? text('page.share.failed.refused', { code: trouble.code })
    : text(`page.share.failed.${trouble.kind}`);
}
