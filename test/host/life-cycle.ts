// start → ready → … → stop, once each.
import { chromium } from './chromium.ts';

let markReady: () => void = () => undefined;
let isReadyNow = false;
let stopping = false;

/** Resolved by the host itself, not by the event `ready`: Playwright holds that event back until it is attached. */
export const ready = new Promise<void>((resolve) => {
  markReady = () => {
    isReadyNow = true;
    resolve();
  };
});

export function isReady(): boolean {
  return isReadyNow;
}

export function isStopping(): boolean {
  return stopping;
}

export function becomeReady(): void {
  markReady();
}

/** Ends Chromium, then this process. At once when Chromium has not been started. */
export function stop(exitCode: number): void {
  if (stopping) return;
  stopping = true;
  if (!chromium.isRunning) process.exit(exitCode);
  void chromium.stop().finally(() => process.exit(exitCode));
}
