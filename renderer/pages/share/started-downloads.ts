import { element } from '../shared/dom.ts';

/** Browsers take downloads that come faster for a nuisance. */
const APART_MS = 400;

/** A frame whose download began is only an empty element; one that waits for an answer still needs it. */
const KEPT_MS = 120_000;

/**
 * Starts downloads one after the other, each in a frame of its own: an answer that is no download stays in there, and the
 * page stays. Whether a download ends well, only the browser knows. Returns how many were started.
 */
export async function startDownloads(
  urls: readonly (() => string | null)[],
  { signal, onStart }: { readonly signal: AbortSignal; readonly onStart: (number: number) => void },
): Promise<number> {
  let started = 0;
  for (const urlOf of urls) {
    const url = urlOf();
    if (signal.aborted || url === null) return started;
    const frame = element('iframe', { hidden: true, src: url });
    document.body.append(frame);
    setTimeout(() => frame.remove(), KEPT_MS);
    started += 1;
    onStart(started);
    if (started < urls.length) await pause(signal);
  }
  return started;
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, APART_MS);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
