import { failureOf, on } from '../lib/bridge.ts';
import type { App } from './app.ts';

/** Follows what main tells unasked, and tells of failed calls that no screen has a place for; the returned function stops that. */
export function listenToMain({ accounts, actions, browser, settings, toasts }: App): () => void {
  const stops = [
    on('accounts.changed', (changed) => {
      accounts.apply(changed);
      browser.followAccounts();
    }),
    on('objects.changed', (changed) => browser.objectsChanged(changed)),
    on('settings.changed', (changed) => settings.apply(changed)),
    on('command', (command) => actions.run(command)),
  ];
  const tellUncaught = (event: PromiseRejectionEvent) => toasts.failed(failureOf(event.reason));
  window.addEventListener('unhandledrejection', tellUncaught);
  return () => {
    window.removeEventListener('unhandledrejection', tellUncaught);
    for (const stop of stops) stop();
  };
}
