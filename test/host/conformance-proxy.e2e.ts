// How an app is told which proxy a server is reached through, in Electron as in the stand-in.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ProxyConfig } from 'electron';
import type { ElectronApplication } from 'playwright';
import { expect } from 'playwright/test';
import { sharedTest as test } from './launch-fixture.ts';

function resolved(app: ElectronApplication, config: ProxyConfig, urls: readonly string[]): Promise<string[]> {
  return app.evaluate(
    async ({ session }, [given, asked]) => {
      await session.defaultSession.setProxy(given);
      return Promise.all(asked.map((url) => session.defaultSession.resolveProxy(url)));
    },
    [config, urls] as const,
  );
}

test('a fixed proxy counts for all but the exceptions and this computer', async ({ app }) => {
  const config: ProxyConfig = {
    mode: 'fixed_servers',
    proxyRules: 'http://proxy.example:3128',
    proxyBypassRules: '*.inside.example, exact.example',
  };
  const hosts = ['oss.example', 'a.inside.example', 'exact.example', 'not-exact.example', '127.0.0.1:9', 'localhost'];
  const answers = await resolved(
    app,
    config,
    hosts.map((host) => `https://${host}/`),
  );
  const proxy = 'PROXY proxy.example:3128';
  expect(answers).toEqual([proxy, 'DIRECT', 'DIRECT', proxy, 'DIRECT', 'DIRECT']);
});

test('this computer is reached through the proxy where the exceptions say so', async ({ app }) => {
  const config = { mode: 'fixed_servers', proxyRules: 'socks5://proxy.example:1080', proxyBypassRules: '<-loopback>' };
  expect(await resolved(app, config as ProxyConfig, ['http://127.0.0.1:9/'])).toEqual(['SOCKS5 proxy.example:1080']);
});

test('a script answers for each server, and one that is not there answers nothing', async ({ app }) => {
  const script = `function FindProxyForURL(url, host) {
    return dnsDomainIs(host, '.outside.example') ? 'PROXY a.example:1; HTTPS b.example:2; DIRECT' : 'DIRECT';
  }`;
  const server = createServer((_request, answer) =>
    answer.writeHead(200, { 'content-type': 'application/x-ns-proxy-autoconfig' }).end(script),
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const config: ProxyConfig = { mode: 'pac_script', pacScript: `http://127.0.0.1:${port}/proxy.pac` };
  const [outside, inside] = await resolved(app, config, ['https://x.outside.example/', 'https://inside.example/']);
  expect(outside?.replaceAll('; ', ';')).toBe('PROXY a.example:1;HTTPS b.example:2;DIRECT');
  expect(inside).toBe('DIRECT');
  server.close();
  const gone = { mode: 'pac_script', pacScript: `http://127.0.0.1:${port}/gone.pac` } as const;
  expect(await resolved(app, gone, ['https://x.outside.example/'])).toEqual(['DIRECT']);
});

test('without a proxy every answer is DIRECT', async ({ app }) => {
  expect(await resolved(app, { mode: 'direct' }, ['https://oss.example/'])).toEqual(['DIRECT']);
});
