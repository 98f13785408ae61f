// The app that is being run: its folder, its package.json, its command line. Filled in once, before its code runs.
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { readSwitches } from './command-line.ts';

interface Manifest {
  readonly name?: string;
  readonly productName?: string;
  readonly version?: string;
  readonly main?: string;
}

interface TheApp {
  folder: string;
  manifest: Manifest;
  /** Switches of the command line, and those the app appended. */
  switches: Map<string, string>;
}

export const theApp: TheApp = { folder: process.cwd(), manifest: {}, switches: new Map() };

/** @returns the app's main module */
export function findApp(app: string, args: readonly string[]): string {
  const stat = statSync(app, { throwIfNoEntry: false });
  if (stat === undefined) throw new Error(`Cannot find app at ${app}`);
  theApp.folder = stat.isDirectory() ? app : path.dirname(app);
  theApp.switches = readSwitches(args);
  const manifestFile = path.join(theApp.folder, 'package.json');
  if (existsSync(manifestFile)) theApp.manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as Manifest;
  return stat.isDirectory() ? path.resolve(app, theApp.manifest.main ?? 'index.js') : app;
}
