// What a page's preload world says, and what becomes of it in main.
import type Electron from 'electron';
import { decode, encode } from '../codec.ts';
import { PreventableEvent } from '../host-emitter.ts';
import type { ContextMenuFacts, FromPage, ToPage } from '../messages.ts';
import { refuseOthers } from '../not-implemented.ts';
import { toApp } from '../web-urls.ts';
import { ipcMain } from './ipc-main.ts';
import { acceleratorsOf, menuClosed, pressAccelerator } from './menu.ts';
import { toastClicked } from './notification.ts';
import type { WebContents } from './web-contents.ts';

/** @param answer sends to the document that the message came from, if it is still there */
export function receiveMessage(contents: WebContents, message: FromPage, answer: (reply: ToPage) => void): void {
  const { window } = contents;
  switch (message[0]) {
    case 'ready':
      answer(['accelerators', acceleratorsOf(window)]);
      answer(['guardClose', window.listenerCount('close') > 0]);
      contents.setZoomFactor(contents.getZoomFactor());
      break;
    case 'preloadError':
      contents.emit('preload-error', {}, message[1], new Error(message[2]));
      break;
    case 'invoke':
      void invoke(contents, message).then(answer);
      break;
    case 'send':
      ipcMain.emit(message[1], ipcEvent(contents), ...(decode(message[2]) as unknown[]));
      break;
    case 'accelerator':
      pressAccelerator(message[1], window);
      break;
    case 'contextMenu':
      contents.emit('context-menu', new PreventableEvent(), contextMenuParams(contents, message[1]));
      break;
    case 'menuClosed':
      menuClosed(message[1], message[2]);
      break;
    case 'toastClicked':
      toastClicked(message[1]);
      break;
    case 'focus':
      window.focusChanged(message[1]);
      window.frameMayHaveChanged();
      break;
    case 'boundsMayHaveChanged':
      window.frameMayHaveChanged();
      break;
  }
}

async function invoke(
  contents: WebContents,
  [, callId, channel, args]: Extract<FromPage, readonly ['invoke', ...unknown[]]>,
): Promise<ToPage> {
  try {
    const event = ipcEvent(contents) as Electron.IpcMainInvokeEvent;
    return ['reply', callId, true, encode(await ipcMain.invoke(channel, event, decode(args) as unknown[]))];
  } catch (error) {
    console.error(`Error occurred in handler for '${channel}':`, error);
    return ['reply', callId, false, String(error)];
  }
}

function ipcEvent(contents: WebContents): object {
  return refuseOthers('IpcMainEvent', {
    type: 'frame',
    sender: contents,
    senderFrame: contents.mainFrame,
    ports: [],
    reply: (channel: string, ...args: unknown[]) => contents.send(channel, ...args),
  });
}

function contextMenuParams(contents: WebContents, facts: ContextMenuFacts): object {
  const { isEditable, selectionText, linkURL } = facts;
  return refuseOthers('ContextMenuParams', {
    ...facts,
    linkURL: toApp(linkURL),
    pageURL: contents.getURL(),
    frame: contents.mainFrame,
    mediaType: 'none',
    editFlags: {
      canCut: isEditable && selectionText !== '',
      canCopy: selectionText !== '',
      canPaste: isEditable,
      canDelete: isEditable && selectionText !== '',
      canSelectAll: true,
    },
  });
}
