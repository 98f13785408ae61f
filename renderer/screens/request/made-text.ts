import { formatCount } from '../../../main/words/format.ts';
import type { Messages } from '../../lib/messages.svelte.ts';
import type { RequestWay } from './request-options.ts';
import type { Made } from './way.ts';

/** What was created and where it is now: "Drop page saved in /home/lin/from-lin.html". */
export function madeText({ output, path, files }: Made, way: RequestWay, { text, locale }: Messages): string {
  if (way === 'links') {
    const counted = { count: files ?? 0, shown: formatCount(files ?? 0, locale) };
    return path === null ? text('share.request.copied', counted) : text('share.request.saved', { ...counted, path });
  }
  if (path !== null) return text(`request.saved.${way}`, { path });
  return text(output === 'json' || output === 'curl' ? `request.copied.${output}` : 'request.copied.ticket');
}
