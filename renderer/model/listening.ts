import type { Events } from '../../main/contract/contract.ts';
import { call, on } from '../lib/bridge.ts';
import type { Place } from '../lib/place.ts';
import type { App } from './app.ts';
import { reportTo } from './reporting.ts';

/**
 * Follows main's events and reports the window's place to main, until the returned function is called. Failed calls
 * that no screen shows become notifications.
 */
export function listenToMain(app: App): () => void {
  const { accounts, actions, browser, deletions, dialogs, endings, folderSizes } = app;
  const { moving, opening, places, settings, transfers } = app;
  const news = app.news.ofWindow();
  const takeHanded = async () => {
    const card = await call('links.takeHanded', {});
    if (card !== null) dialogs.hand(card);
  };
  const takeTroubles = async () => {
    for (const trouble of await call('app.takeTroubles', {})) news.trouble(trouble);
  };
  const rememberPlace = (place: Place | null) => {
    places.visit(place);
    void call('windows.visit', { place });
  };
  const rememberAccount = (id: string | null) => {
    if (id !== settings.current.lastAccountId) void settings.set({ lastAccountId: id });
  };
  rememberPlace(browser.place);
  rememberAccount(accounts.currentId);
  const stops = [
    browser.visited.on(rememberPlace),
    ...markPublic(app),
    accounts.switched.on(rememberAccount),
    on('links.handed', () => void takeHanded()),
    on('accounts.changed', (changed) => {
      accounts.apply(changed);
      browser.followAccounts();
    }),
    on('buckets.changed', ({ accountId }) => browser.bucketsChanged(accountId)),
    on('buckets.domainFound', (found) => reportDomain({ ...app, news }, found)),
    on('objects.changed', (changed) => {
      folderSizes.forget(changed);
      browser.objectsChanged(changed);
    }),
    on('ledger.changed', () => void app.liveLinks.load()),
    on('objects.held', (held) => moving.apply(held)),
    on('objects.dragFailed', (failure) => news.failed(failure)),
    on('app.trouble', () => void takeTroubles()),
    on('editing.changed', (files) => opening.apply(files)),
    on('deletions.changed', (all) => deletions.apply(all)),
    on('transfers.changed', (batch) => {
      transfers.apply(batch);
      endings.apply(batch);
    }),
    on('settings.changed', (changed) => settings.follow(changed)),
    on('command', (command) => actions.run(command)),
  ];
  const report = reportTo(app.news);
  stops.push(listenForErrors(report), listenForNetwork(app));
  void takeHanded();
  void takeTroubles();
  for (const state of [deletions, moving, opening, transfers]) state.load().catch(report);
  return () => {
    for (const stop of stops) stop();
  };
}

/** Reports what the page itself fails in, until the returned function is called. */
function listenForErrors(report: (error: unknown) => void): () => void {
  const reportRejection = (event: PromiseRejectionEvent) => {
    report(event.reason);
  };
  // Without an error, it is a remark of the browser's, such as that a resize takes another frame.
  const reportError = ({ error }: ErrorEvent) => {
    if (error instanceof Error) report(error);
  };
  window.addEventListener('unhandledrejection', reportRejection);
  window.addEventListener('error', reportError);
  return () => {
    window.removeEventListener('unhandledrejection', reportRejection);
    window.removeEventListener('error', reportError);
  };
}

/** Has lists tried again that failed for want of a network, once the system is online, until the returned function is called. */
function listenForNetwork({ browser, opening }: Pick<App, 'browser' | 'opening'>): () => void {
  const cameOnline = () => {
    browser.list?.cameOnline();
    browser.buckets.cameOnline();
    opening.cameOnline();
  };
  window.addEventListener('online', cameOnline);
  return () => window.removeEventListener('online', cameOnline);
}

/** Asks which buckets are public when they are listed, opened and changed. Returns what ends that. */
function markPublic({ browser, publicMarks }: Pick<App, 'browser' | 'publicMarks'>): readonly (() => void)[] {
  const markPlace = (place: Place | null) => {
    if (place === null || place.bucket === null) return;
    void publicMarks.open({ accountId: place.accountId, bucket: place.bucket });
  };
  const markBuckets = (accountId: string) => {
    void publicMarks.list(
      accountId,
      browser.buckets.all.map(({ name }) => name),
    );
  };
  markPlace(browser.place);
  return [
    browser.visited.on(markPlace),
    browser.buckets.listed.on(markBuckets),
    on('access.changed', (changed) => void publicMarks.refresh(changed)),
    on('objects.changed', (changed) => publicMarks.forgetObjects(changed)),
  ];
}

/** Says how a bucket's files are reached from now on, or opens the choice where it takes one. */
function reportDomain(
  { dialogs, messages, news }: Pick<App, 'dialogs' | 'messages' | 'news'>,
  { accountId, bucket, domain, isHostRefused, offered, lost }: Events['buckets.domainFound'],
): void {
  const { text } = messages;
  const isLost = lost === null ? null : text('bucket.domain.lost', { domain: lost, bucket });
  if (domain !== null) {
    news.done(isLost ?? text('bucket.domain.used', { bucket }), text('bucket.domain.used.why', { domain }));
  } else if (isHostRefused) {
    const open = () => dialogs.open({ name: 'bucket', subject: { accountId, bucket }, tab: 'domains' });
    const action = { label: text('bucket.domain.choose'), run: open };
    news.needed(isLost ?? text('bucket.domain.needed', { bucket }), neededWhy(offered, messages), action);
  } else if (isLost !== null) {
    news.partly(isLost, text('bucket.domain.lost.why'));
  }
}

function neededWhy(offered: number | null, { text }: App['messages']): string {
  if (offered === null) return text('bucket.domain.denied');
  return offered === 0 ? text('bucket.domain.none') : text('bucket.domain.offered', { count: offered });
}
