/** Longest address that is opened in the browser, in characters; a longer one could smuggle data out. */
const MAX_ADDRESS_LENGTH = 2048;

/** Sites that Waybill links to. Not aliyuncs.com, where every customer has hosts of their own. */
const documentationSites = ['aliyun.com', 'alibabacloud.com'];

/** The part of Electron's WebFrameMain that isOurs() reads. */
interface Frame {
  readonly url: string;
  readonly parent: object | null;
}

/** The page that an IPC call came from, and the frame within it. */
interface Sender {
  readonly sender: object;
  readonly senderFrame: Frame | null;
}

/**
 * Whether one of our pages may open this address in the browser: https on a documentation site, without user name or
 * port. Otherwise a compromised page could send what it knows anywhere.
 */
export function mayOpenOutside(address: string): boolean {
  if (address.length > MAX_ADDRESS_LENGTH || !URL.canParse(address)) return false;
  const { protocol, hostname, username, password, port } = new URL(address);
  if (protocol !== 'https:' || username !== '' || password !== '' || port !== '') return false;
  return documentationSites.some((site) => hostname === site || hostname.endsWith(`.${site}`));
}

/**
 * Whether an IPC call comes from the main frame of `page` while that frame shows `origin`. Calls from embedded frames
 * and from frames that no longer exist (null) are rejected.
 */
export function isOurs({ sender, senderFrame }: Sender, page: object | null, origin: string): boolean {
  return (
    page !== null &&
    sender === page &&
    senderFrame !== null &&
    senderFrame.parent === null &&
    senderFrame.url.startsWith(`${origin}/`)
  );
}
