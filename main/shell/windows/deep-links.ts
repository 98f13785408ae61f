import { app } from 'electron';
import { DEEP_LINK_SCHEME, linkFromCommandLine, linkFromArgument } from '../../links/receiving/deep-link.ts';

/** Receives each link that the system, a browser or the command line passes to Waybill. */
type OnLink = (text: string) => void;

/** A link that arrived before onDeepLink(): macOS delivers the first one before the app is ready. */
let early: string | null = linkFromCommandLine(process.argv.slice(1));
let receive: OnLink = (text) => {
  early = text;
};

/** Subscribes to deep links. Call at process start, or macOS's first link is lost. */
export function listenForLinks(): void {
  app.on('open-url', (event, url) => {
    event.preventDefault();
    const text = linkFromArgument(url);
    if (text !== null) receive(text);
  });
  app.on('second-instance', (_event, args) => {
    const text = linkFromCommandLine(args.slice(1));
    if (text !== null) receive(text);
  });
  // A source build would register node_modules' Electron permanently; on Linux the package's desktop file registers it.
  if (app.isPackaged && process.platform !== 'linux') app.setAsDefaultProtocolClient(DEEP_LINK_SCHEME);
}

/** Receives a link that came another way, as if the system had passed it. */
export function passLink(text: string): void {
  receive(text);
}

/** Calls `listener` for each deep link, starting with the one that Waybill was launched with. */
export function onDeepLink(listener: OnLink): void {
  receive = listener;
  if (early !== null) listener(early);
  early = null;
}
