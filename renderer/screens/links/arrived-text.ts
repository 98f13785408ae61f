import type { ArrivedThrough, LedgerItem } from '../../../main/contract/contract.ts';
import { formatBytes, formatCount, formatMoment } from '../../../main/words/format.ts';
import type { Messages } from '../../lib/messages.svelte.ts';

/** How much arrived, or how far the upload of a ticket is. */
export function arrivedText(found: ArrivedThrough, { text, locale }: Messages): string {
  if (found.kind === 'form') {
    const { files, isCut, emptySlots } = found;
    const counted = { count: files.length, shown: formatCount(files.length, locale) };
    if (emptySlots !== null) {
      return text('ledger.arrived.slots', { ...counted, total: formatCount(files.length + emptySlots, locale) });
    }
    return text(isCut ? 'ledger.arrived.newest' : 'ledger.arrived.files', counted);
  }
  switch (found.state) {
    case 'open': {
      const size = formatBytes(found.sentBytes, locale);
      return text('ledger.arrived.open-upload', { count: found.parts, shown: formatCount(found.parts, locale), size });
    }
    case 'stored': {
      const moment = formatMoment(found.lastModified, locale);
      if (found.older) return text('ledger.arrived.older', { moment });
      return text('ledger.arrived.stored', { moment, size: formatBytes(found.sizeBytes ?? 0, locale) });
    }
    case 'ended':
      return text('ledger.arrived.nothing');
    default:
      return found satisfies never;
  }
}

/** The folder that what arrives goes to. */
export function folderOf(what: LedgerItem['what']): string {
  if (what.kind === 'form' && what.keys.kind === 'prefix') return upToSlash(what.keys.prefix);
  if (what.kind === 'form' && what.keys.kind === 'slots') return upToSlash(what.keys.keys[0] ?? '');
  return what.kind === 'ticket' ? upToSlash(what.key) : '';
}

function upToSlash(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1);
}
