import { app } from 'electron';
import { DEEP_LINK_SCHEME, linkFromCommandLine, linkFromArgument } from '../../links/receiving/deep-link.ts';

/** Receives each link that the system, a browser or a command line passes to Waybill. */
type Receive = (text: string) => void;

/** The link that arrived before there was a receiver: macOS passes the first one before the app is ready. */
let early: string | null = linkFromCommandLine(process.argv.slice(1));
let receive: Receive = (text) => {
  early = text;
};

/** Listens for links, from the very start of the process. */
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
  // From source this would register node_modules' electron permanently; on Linux the package's desktop file does it.
  if (app.isPackaged && process.platform !== 'linux') app.setAsDefaultProtocolClient(DEEP_LINK_SCHEME);
}

/** Passes each link to `take`, starting with the one that Waybill was started with. */
export function onDeepLink(take: Receive): void {
  receive = take;
  if (early !== null) take(early);
  early = null;
}
