// The stand-in's executable: takes Electron's command line, loads the app's main module, opens Chromium.
import { existsSync, readFileSync } from 'node:fs';
import inspector from 'node:inspector';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app, appendedSwitches } from './api/app.ts';
import { loseAllPages } from './api/web-contents.ts';
import { answerRequest } from './api/requests.ts';
import { chromium } from './chromium.ts';
import { parseCommandLine, type CommandLine } from './command-line.ts';
import { electron } from './electron.ts';
import { becomeReady, isStopping } from './life-cycle.ts';
import { provideElectron, requireAsMain } from './module-hooks.ts';
import { findApp } from './the-app.ts';

/** The Electron whose API this is, and the oldest Chromium it may find itself on. */
const versions = { electron: '45.4.1', chrome: '150.0.0.0' };

async function main(args: readonly string[]): Promise<void> {
  const commandLine = parseCommandLine(args, process.cwd());
  if (commandLine.wantsVersion) {
    console.log(`v${versions.electron}`);
    return;
  }
  survivePipesThatClose();
  const mainModule = findApp(commandLine.app, args);
  lookLikeElectron(args);
  provideElectron(electron);
  openInspector(commandLine.inspect);
  const require = createRequire(import.meta.url);
  for (const module of commandLine.requires) require(module);
  process.on('uncaughtException', (error) => console.error('Uncaught exception in main process:', error));

  if (isEsModule(mainModule)) await import(pathToFileURL(mainModule).href);
  else requireAsMain(mainModule);
  if (isStopping()) return;
  const version = await chromium.start(app.getPath('sessionData'), appendedSwitches, {
    onRequest: answerRequest,
    onLost: loseAllPages,
  });
  // Asked to quit while Chromium was starting.
  if (isStopping()) return;
  Object.assign(process.versions, { chrome: version });
  becomeReady();
  app.emit('ready', {}, {});
}

/** Whoever read our output may stop reading; that must neither end the app nor keep it busy. */
function survivePipesThatClose(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

function lookLikeElectron(args: readonly string[]): void {
  // `versions` is read-only on Node's process; an app only reads it.
  Object.defineProperty(process, 'versions', { value: { ...process.versions, ...versions } });
  Object.assign(process, {
    type: 'browser',
    defaultApp: true,
    resourcesPath: path.join(import.meta.dirname, 'resources'),
  });
  process.argv = [process.argv[0] ?? '', ...args];
}

function openInspector(at: CommandLine['inspect']): void {
  if (at !== null) inspector.open(at.port, at.host);
}

function isEsModule(file: string): boolean {
  if (!file.endsWith('.js')) return file.endsWith('.mjs');
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json');
    if (existsSync(manifest))
      return (JSON.parse(readFileSync(manifest, 'utf8')) as { type?: string }).type === 'module';
    if (folder === path.dirname(folder)) return false;
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (isStopping()) return;
  console.error('The app did not start:', error);
  process.exit(1);
});
