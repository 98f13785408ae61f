import type Electron from 'electron';
import { runInNewContext } from 'node:vm';

/** Chromium's resolver cannot be asked over CDP: this is as much of it as tests need. */
export class ProxyResolver {
  #config: Electron.ProxyConfig = { mode: 'system' };

  setProxy(config: Electron.ProxyConfig): Promise<void> {
    if (!['direct', 'system', 'fixed_servers', 'pac_script'].includes(config.mode ?? '')) {
      throw new Error(`the proxy mode ${String(config.mode)} is not implemented by the stand-in`);
    }
    this.#config = config;
    return Promise.resolve();
  }

  async resolveProxy(url: string): Promise<string> {
    const { mode, proxyRules = '', proxyBypassRules = '', pacScript = '' } = this.#config;
    const { host, hostname } = new URL(url);
    // The desktop's settings are not read.
    if (mode === 'direct' || mode === 'system' || isBypassed(hostname, host, proxyBypassRules)) return 'DIRECT';
    return mode === 'pac_script' ? askScript(pacScript, url, hostname) : answerOf(proxyRules);
  }
}

/** Loopback is reached directly unless `<-loopback>` says otherwise; no CIDR blocks. */
function isBypassed(hostname: string, host: string, rules: string): boolean {
  const list = rules.split(/[,;]/).map((rule) => rule.trim());
  const isLoopback = hostname === 'localhost' || hostname.startsWith('127.') || hostname === '[::1]';
  if (isLoopback && !list.includes('<-loopback>')) return true;
  if (list.includes('<local>') && !hostname.includes('.')) return true;
  return list.some((rule) => {
    const pattern = rule.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
    return rule !== '' && !rule.startsWith('<') && new RegExp(`^${pattern}(:\\d+)?$`, 'i').test(host);
  });
}

const kinds: Readonly<Record<string, string>> = { http: 'PROXY', https: 'HTTPS', socks5: 'SOCKS5' };

function answerOf(rules: string): string {
  const [, scheme = 'http', host = ''] = /^(?:(\w+):\/\/)?([^,;=]+)$/.exec(rules) ?? [];
  const kind = kinds[scheme];
  if (kind === undefined || host === '')
    throw new Error(`the proxy rules ${rules} are not implemented by the stand-in`);
  return `${kind} ${host}`;
}

/** A script that is not to be had counts as none, as in Chromium. */
async function askScript(pacScript: string, url: string, hostname: string): Promise<string> {
  const script = await fetch(pacScript)
    .then((reply) => (reply.ok ? reply.text() : null))
    .catch(() => null);
  if (script === null) return 'DIRECT';
  const pathless = `${new URL(url).origin}/`;
  return String(
    runInNewContext(`${script}\nFindProxyForURL(url, host)`, { url: pathless, host: hostname, ...forScripts }),
  );
}

/** The commonest of the functions that scripts may call. */
const forScripts = {
  dnsDomainIs: (host: string, domain: string): boolean => host.endsWith(domain),
  isPlainHostName: (host: string): boolean => !host.includes('.'),
  shExpMatch: (text: string, pattern: string): boolean =>
    new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text),
};
