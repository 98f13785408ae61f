// Electron's command line: [-r module] [--inspect[=port]] [--switch[=value] …] app [arguments of the app …]
import path from 'node:path';

export interface CommandLine {
  /** Modules to load before the app: Playwright's loader. */
  readonly requires: readonly string[];
  /** Address for Node's inspector, or null. */
  readonly inspect: { readonly port: number; readonly host: string } | null;
  /** Folder or file of the app, absolute. */
  readonly app: string;
  /** Everything else, in order: what the app sees in process.argv. */
  readonly rest: readonly string[];
  readonly wantsVersion: boolean;
}

export function parseCommandLine(args: readonly string[], folder: string): CommandLine {
  const requires: string[] = [];
  const rest: string[] = [];
  let inspect: CommandLine['inspect'] = null;
  const left = [...args];
  for (let arg = left.shift(); arg !== undefined; arg = left.shift()) {
    const inspectAt = /^--inspect(?:=(?:([\d.]+):)?(\d+))?$/.exec(arg);
    if (arg === '-r' || arg === '--require') requires.push(path.resolve(folder, left.shift() ?? ''));
    else if (inspectAt) inspect = { host: inspectAt[1] ?? '127.0.0.1', port: Number(inspectAt[2] ?? 9229) };
    else rest.push(arg);
  }
  const app = rest.find((arg) => !arg.startsWith('-')) ?? '.';
  return {
    requires,
    inspect,
    app: path.resolve(folder, app),
    rest,
    wantsVersion: /^(-v|--version)$/.test(rest[0] ?? ''),
  };
}

/** `--name=value` and `--name` of a command line; a switch without a value has the value ''. */
export function readSwitches(args: readonly string[]): Map<string, string> {
  const switches = new Map<string, string>();
  for (const arg of args) {
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name !== undefined) switches.set(name, value ?? '');
  }
  return switches;
}
