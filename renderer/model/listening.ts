import { call, on } from '../lib/bridge.ts';
import type { App } from './app.ts';
import { reportTo } from './reporting.ts';

/** Follows what main tells unasked, and tells of failed calls that no screen has a place for; the returned function stops that. */
export function listenToMain(app: App): () => void {
  const { accounts, actions, browser, deletions, dialogs, folderSizes, moving, settings, news } = app;
  const takeHanded = async () => {
    const card = await call('links.takeHanded', {});
    if (card !== null) dialogs.hand(card);
  };
  void takeHanded();
  void deletions.load();
  void moving.load();
  const stops = [
    on('links.handed', () => void takeHanded()),
    on('accounts.changed', (changed) => {
      accounts.apply(changed);
      browser.followAccounts();
    }),
    on('buckets.changed', ({ accountId }) => browser.bucketsChanged(accountId)),
    on('objects.changed', (changed) => {
      folderSizes.forget(changed);
      browser.objectsChanged(changed);
    }),
    on('objects.held', (held) => moving.apply(held)),
    on('objects.dragFailed', (failure) => news.failed(failure)),
    on('deletions.changed', (all) => deletions.apply(all)),
    on('settings.changed', (changed) => settings.follow(changed)),
    on('command', (command) => actions.run(command)),
  ];
  const report = reportTo(news);
  const reportUncaught = (event: PromiseRejectionEvent) => report(event.reason);
  window.addEventListener('unhandledrejection', reportUncaught);
  return () => {
    window.removeEventListener('unhandledrejection', reportUncaught);
    for (const stop of stops) stop();
  };
}
