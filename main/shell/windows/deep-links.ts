import { app } from 'electron';
import { DEEP_LINK_SCHEME, linkFromCommandLine, linkFromArgument } from '../../links/receiving/deep-link.ts';

/** Gets the text of each link that the system, a browser or a command line hands to Waybill. */
type Receive = (text: string) => void;

/** What came before anybody was there to take it; macOS hands over the first link before the app is ready. */
let early: string | null = linkFromCommandLine(process.argv.slice(1));
let receive: Receive = (text) => {
  early = text;
};

/** Listens from the very start of the process. */
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
  // From source it would register node_modules' electron for good; on Linux the packages' desktop file does it.
  if (app.isPackaged && process.platform !== 'linux') app.setAsDefaultProtocolClient(DEEP_LINK_SCHEME);
}

/** From now on `take` gets each link, first of all the one that Waybill was started with. */
export function takeHandedLinks(take: Receive): void {
  receive = take;
  if (early !== null) take(early);
  early = null;
}
