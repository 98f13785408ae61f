import { powerMonitor } from 'electron';

/** How often the idle time is polled, in milliseconds. */
const POLL_MS = 10_000;

/** Calls `lock` after `afterMinutes` idle minutes (null: never), and when the computer suspends or its screen locks. */
export function lockWhenIdle(afterMinutes: () => number | null, lock: () => void): void {
  const lockIfEnabled = (): void => {
    if (afterMinutes() !== null) lock();
  };
  powerMonitor.on('suspend', lockIfEnabled);
  powerMonitor.on('lock-screen', lockIfEnabled);
  setInterval(() => {
    const minutes = afterMinutes();
    if (minutes !== null && powerMonitor.getSystemIdleTime() >= minutes * 60) lock();
  }, POLL_MS).unref();
}
