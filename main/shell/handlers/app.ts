import { app, clipboard, shell } from 'electron';
import { regions } from '../../oss/regions.ts';
import type { Core } from '../core.ts';
import { diagnostics, logFile } from '../diagnostics.ts';
import type { Handlers, Emit } from '../ipc.ts';
import { recordBug } from '../log.ts';
import { PageBugs } from '../page-bugs.ts';
import { canUpdate } from '../updates.ts';
import type { GrantedPaths } from '../security/granted-paths.ts';
import { type NewServer, newProxyOf } from '../security/new-servers.ts';
import type { Windows } from '../windows/windows.ts';

type AppCalls =
  'app.info' | 'app.takeTroubles' | 'app.copyDiagnostics' | 'app.showLog' | 'app.reportBug' | 'settings.set';

interface AppParts {
  /** Runs after each change of the settings. */
  readonly applySettings: () => void;
  readonly windows: Pick<Windows, 'placeOf'>;
  readonly paths: GrantedPaths;
  readonly confirmProxy: (proxy: NewServer) => Promise<void>;
}

/** Answers the calls about the app itself. */
export function appHandlers(
  core: Core,
  emit: Emit,
  { applySettings, windows, paths, confirmProxy }: AppParts,
): Pick<Handlers, AppCalls> {
  const { accounts, settings } = core;
  const pageBugs = new PageBugs(recordBug, () => performance.now());
  return {
    'app.info': async (_, window) => ({
      version: app.getVersion(),
      platform: process.platform,
      systemLocale: app.getLocale(),
      settings: settings.current,
      place: windows.placeOf(window),
      keychain: await accounts.keychainStatus(),
      environment: accounts.environment(),
      regions,
      canUpdate: canUpdate(),
      downloadFolder: app.getPath('downloads'),
    }),
    'app.takeTroubles': () => core.troubles.take(),
    'app.copyDiagnostics': async () => {
      await clipboard.writeText(await diagnostics(core));
      return null;
    },
    'app.showLog': () => {
      shell.showItemInFolder(logFile());
      return null;
    },
    'app.reportBug': ({ text }, window) => ({ logId: pageBugs.report(window, text) }),
    'settings.set': async (patch) => {
      if (typeof patch.downloadFolder === 'string') paths.checkTarget(patch.downloadFolder);
      const proxy = patch.proxy === undefined ? null : newProxyOf(settings.current.proxy, patch.proxy);
      if (proxy !== null) await confirmProxy(proxy);
      const current = await core.lock.changeSettings(settings, patch);
      await core.network.apply(current.proxy);
      applySettings();
      emit('settings.changed', current);
      return current;
    },
  };
}
