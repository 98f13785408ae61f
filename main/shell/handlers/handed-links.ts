import type { LinkCard } from '../../links/link-card.ts';
import type { ReceivedLinks } from '../../links/received-links.ts';
import { takeHandedLinks } from '../handed-links.ts';
import type { Handlers, Tell } from '../ipc.ts';

/**
 * Links that came from outside the window. They are read here, so that the page never holds the URL, and only shown:
 * nothing is fetched before somebody asks for it. `show` brings the window to the front.
 */
export function handedLinkHandlers(
  received: ReceivedLinks,
  tell: Tell,
  show: () => void,
): Pick<Handlers, 'links.takeHanded'> {
  let waiting: LinkCard | null = null;
  takeHandedLinks((text) => {
    waiting = received.inspect(text);
    show();
    tell('links.handed', null);
  });
  return {
    'links.takeHanded': () => {
      const card = waiting;
      waiting = null;
      return card;
    },
  };
}
