import type { LinkCard } from '../../links/receiving/link-card.ts';
import type { Core } from '../core.ts';
import { onDeepLink } from '../windows/deep-links.ts';
import { tellWindow, type Handlers } from '../ipc.ts';
import type { Windows } from '../windows/windows.ts';

/**
 * Answers the call for links that came from outside the window. They are read here, so that the page never holds the
 * URL, and only shown: nothing is fetched until the user asks. The window that was focused last shows them.
 */
export function deepLinkHandlers(
  { lock, received }: Pick<Core, 'lock' | 'received'>,
  windows: Pick<Windows, 'last' | 'show'>,
): Pick<Handlers, 'links.takeHanded'> {
  let waiting: LinkCard | null = null;
  onDeepLink((text) => {
    waiting = received.inspect(text);
    void windows.show();
    if (windows.last !== null && !lock.isLocked) tellWindow(windows.last, 'links.handed', null);
  });
  return {
    'links.takeHanded': () => {
      const card = waiting;
      waiting = null;
      return card;
    },
  };
}
