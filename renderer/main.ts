import { mount } from 'svelte';
import App from './App.svelte';
import { call } from './lib/bridge.ts';
import { Messages, toLocale } from './lib/messages.svelte.ts';
import { AccountList } from './state/accounts.svelte.ts';
import type { App as AppState } from './state/app.ts';
import { SecondClock } from './state/clock.svelte.ts';
import { Dialogs } from './state/dialogs.svelte.ts';
import { SettingsState } from './state/settings.svelte.ts';
import { Toasts } from './state/toasts.ts';
import { TransferList } from './state/transfers.svelte.ts';
import './styles/tokens.css';
import './styles/base.css';

async function start(target: HTMLElement): Promise<void> {
  const info = await call('app.info', {});
  const messages = new Messages(toLocale(info.settings.locale, info.systemLocale));
  const app: AppState = {
    info,
    messages,
    settings: new SettingsState(info, messages, call),
    accounts: new AccountList(call),
    dialogs: new Dialogs(),
    transfers: new TransferList(call),
    toasts: new Toasts(messages),
    clock: new SecondClock(),
  };
  await app.accounts.load();
  mount(App, { target, props: { app } });
}

const target = document.getElementById('app');
if (target !== null) void start(target);
