/** Of a frame of a page, what matters here. */
interface Frame {
  readonly url: string;
  readonly parent: object | null;
}

/** Where a call came from: the page and the frame in it. */
interface Sender {
  readonly sender: object;
  readonly senderFrame: Frame | null;
}

/**
 * Whether a call comes from the main frame of `page` while it shows our own origin. A frame that has gone (null) or one
 * inside the page gets no answer, whatever it shows.
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
