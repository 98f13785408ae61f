import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { app } from 'electron';
import type { Core } from './core.ts';
import { redact } from '../accounts/redact.ts';

/** How much of the end of the log is included, in characters. */
const LOG_TAIL = 20_000;

/** Path of the log file that startLog() opens. */
export function logFile(): string {
  return join(app.getPath('logs'), 'main.log');
}

/**
 * Collects what support needs: versions, system, counts and the end of the log. The fields hold no secrets and no names
 * of accounts, buckets, objects or folders; the log is redacted.
 */
export async function diagnostics({ accounts, queue, settings }: Core): Promise<string> {
  const { electron, chrome, node } = process.versions;
  const states = queue.list().map(({ state }) => state.at);
  const counts = [...new Set(states)].map((at) => `${at} ${states.filter((other) => other === at).length}`);
  const { locale, theme, parallelTransfers, connectionsEach } = settings.current;
  const log = await readFile(logFile(), 'utf8').catch(() => '');
  const lines = [
    `Waybill ${app.getVersion()}, Electron ${electron}, Chromium ${chrome}, Node ${node}`,
    `${os.platform()} ${os.release()} ${os.arch()}, ${Math.round(os.totalmem() / 2 ** 30)} GB, system language ${app.getLocale()}`,
    `Settings: ${JSON.stringify({ locale, theme, parallelTransfers, connectionsEach })}`,
    `Keychain: ${await accounts.keychainStatus()}`,
    `Accounts: ${accounts.list().length}`,
    `Transfers: ${counts.join(', ') || 'none'}`,
    `Running for ${Math.round(process.uptime())} s, ${Math.round(process.memoryUsage().rss / 2 ** 20)} MB`,
  ];
  // Redact again: older versions wrote log entries under their own rules.
  return redact(withoutHome(`${lines.join('\n')}\n\nEnd of the log:\n${log.slice(-LOG_TAIL) || 'empty'}\n`));
}

function withoutHome(text: string): string {
  return text.replaceAll(os.homedir(), '~');
}
