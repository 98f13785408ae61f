import { on } from '../lib/bridge.ts';
import type { App } from './app.ts';

/** Follows what main tells unasked; the returned function stops that. */
export function listenToMain({ accounts, actions, browser, settings }: App): () => void {
  const stops = [
    on('accounts.changed', (changed) => {
      accounts.apply(changed);
      browser.followAccounts();
    }),
    on('objects.changed', (changed) => browser.objectsChanged(changed)),
    on('settings.changed', (changed) => settings.apply(changed)),
    on('command', (command) => actions.run(command)),
  ];
  return () => stops.forEach((stop) => stop());
}
