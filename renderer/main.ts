import { mount } from 'svelte';
import App from './App.svelte';
import LockScreen from './LockScreen.svelte';
import type { LockState } from '../main/contract/contract.ts';
import { call, failureOf } from './lib/bridge.ts';
import { followRegion } from '../main/words/format.ts';
import { toLocale } from '../main/words/locales.ts';
import { Messages } from './lib/messages.svelte.ts';
import { makeApp } from './model/make-app.ts';
import './styles/tokens.css';
import './styles/base.css';

async function start(target: HTMLElement): Promise<void> {
  const lock = await call('lock.state', {});
  followRegion(lock.systemLocale);
  if (lock.locked) showLock(target, lock);
  else await showApp(target);
}

/** All that is shown while main refuses everything else. */
function showLock(target: HTMLElement, { locale, theme, systemLocale }: LockState): void {
  const messages = new Messages(toLocale(locale, systemLocale));
  document.documentElement.lang = messages.locale;
  if (theme !== 'system') document.documentElement.dataset['theme'] = theme;
  mount(LockScreen, { target, props: { messages } });
}

async function showApp(target: HTMLElement): Promise<void> {
  const info = await call('app.info', {});
  const messages = new Messages(toLocale(info.settings.locale, info.systemLocale));
  const app = makeApp(info, messages, call);
  // A window that was opened at a place has one; the first of a run begins where the last one was left.
  const place = info.place ?? info.settings.lastPlace;
  await app.accounts.load(place?.accountId ?? info.settings.lastAccountId);
  app.browser.begin(place);
  mount(App, { target, props: { app } });
}

const target = document.getElementById('app');
// A page that can't start shows nothing: the log has the reason.
if (target !== null) start(target).catch(failureOf);
