import type { LinkCard } from '../../links/receiving/link-card.ts';
import type { Core } from '../core.ts';
import { onDeepLink } from '../windows/deep-links.ts';
import { emitTo, type Handlers } from '../ipc.ts';
import type { Windows } from '../windows/windows.ts';

/**
 * Passes links opened from outside to the last focused window. They are parsed here, so that the page never holds the
 * URL, and nothing is fetched until the user asks for it.
 */
export function deepLinkHandlers(
  { lock, received }: Pick<Core, 'lock' | 'received'>,
  windows: Pick<Windows, 'last' | 'show'>,
): Pick<Handlers, 'links.takeHanded'> {
  let waiting: LinkCard | null = null;
  lock.onGivenUp(() => (waiting = null));
  onDeepLink((text) => {
    waiting = received.inspect(text);
    void windows.show();
    if (windows.last !== null && !lock.isLocked) emitTo(windows.last, 'links.handed', null);
  });
  return {
    'links.takeHanded': () => {
      const card = waiting;
      waiting = null;
      return card;
    },
  };
}
