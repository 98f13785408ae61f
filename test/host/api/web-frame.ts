import type Electron from 'electron';
import { refuseOthers } from '../not-implemented.ts';
import type { WebContents } from './web-contents.ts';

export type Frame = Pick<Electron.WebFrameMain, 'url' | 'origin' | 'top' | 'parent' | 'name' | 'detached' | 'send'>;

/** The main frame of a page. Frames inside a page get no preload, so no message ever comes from one. */
export function mainFrameOf(contents: WebContents): Frame {
  return refuseOthers('WebFrameMain', {
    get url() {
      return contents.getURL();
    },
    get origin() {
      const url = contents.getURL();
      if (!URL.canParse(url)) return 'null';
      const { origin, protocol, host } = new URL(url);
      // For JavaScript a scheme like app: has no origin; for Electron a standard one has.
      return origin === 'null' && host !== '' ? `${protocol}//${host}` : origin;
    },
    get top() {
      return contents.mainFrame as Electron.WebFrameMain;
    },
    parent: null,
    name: '',
    get detached() {
      return contents.isDestroyed();
    },
    send: (channel: string, ...args: unknown[]) => contents.send(channel, ...args),
  });
}
