import { sizeText } from '../shared/format.ts';
import { locale, text } from '../shared/texts.ts';
import { canSendAgain, type Item, type Problem, sentBytes, type Stored } from './items.ts';

/** Where a file stands, in words. */
export function stateText(item: Pick<Item, 'state' | 'file'>): string {
  const { state } = item;
  switch (state.at) {
    case 'ready':
      return '';
    case 'waiting':
    case 'finishing':
    case 'interrupted':
      return text(`page.drop.state.${state.at}`);
    case 'comparing':
      return text('page.drop.parts.comparing');
    case 'sending':
      return text('page.drop.state.sending', { sent: sizeText(sentBytes(item), locale) });
    case 'stored':
      return storedText(state.stored);
    case 'cancelled':
      return text(state.mayHaveArrived ? 'page.drop.state.cancelled-late' : 'page.drop.state.cancelled');
    case 'failed':
      return problemText(state.problem);
    case 'unconfirmed':
      return text('page.drop.state.unconfirmed', { key: state.key });
    default:
      return state satisfies never;
  }
}

function storedText({ proof, isNamed }: Stored): string {
  const said = text(`page.drop.state.${proof}`);
  return isNamed === false ? text('page.drop.parts.unnamed', { state: said }) : said;
}

function problemText(problem: Problem): string {
  const limit = 'limit' in problem ? sizeText(problem.limit, locale) : '';
  const { code, ossRequestId } = problem.kind === 'refused' ? problem : { code: '', ossRequestId: null };
  return text(`page.drop.problem.${problem.kind}`, { limit, code, id: ossRequestId ?? '–' });
}

/** What became of all files, for the end. */
export interface Totals {
  readonly count: number;
  readonly stored: number;
  readonly verified: number;
  readonly failed: number;
  /** Of those, how many may have arrived all the same. */
  readonly unconfirmed: number;
  /** Of those that failed, how many may be sent again. */
  readonly again: number;
  readonly ready: number;
  readonly busy: number;
  readonly bytes: number;
  readonly sentBytes: number;
}

/** Adds up the list. What was refused before it was sent, or cancelled, has no bytes to send. */
export function totalsOf(items: readonly Item[]): Totals {
  const totals = {
    count: items.length,
    stored: 0,
    verified: 0,
    failed: 0,
    unconfirmed: 0,
    again: 0,
    ready: 0,
    busy: 0,
    bytes: 0,
    sentBytes: 0,
  };
  for (const item of items) {
    const { state, file } = item;
    if (state.at === 'failed' || state.at === 'unconfirmed' || state.at === 'cancelled') {
      totals.failed += 1;
      if (state.at === 'unconfirmed') totals.unconfirmed += 1;
      if (canSendAgain(item)) totals.again += 1;
      continue;
    }
    totals.bytes += file.size;
    totals.sentBytes += sentBytes(item);
    if (state.at === 'ready') totals.ready += 1;
    else if (state.at === 'stored') {
      totals.stored += 1;
      if (state.stored.proof === 'verified') totals.verified += 1;
    } else totals.busy += 1;
  }
  return totals;
}
