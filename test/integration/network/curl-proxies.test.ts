// The proxy that the environment names, compared with the one that curl itself goes to.
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { environmentProxy } from '../../../main/cli/arguments/environment-proxy.ts';
import { seeded } from '../../support/seeded.ts';

type Environment = Readonly<Record<string, string>>;

// Releases before and after read NO_PROXY in ways of their own.
const isThatCurl = execFileSync('curl', ['--version'], { encoding: 'utf8' }).startsWith('curl 7.88.');

/** Runs curl with these variables and no others. @returns what it says, whether or not it arrives */
function curl(args: readonly string[], env: Environment): Promise<string> {
  const { PATH = '' } = process.env;
  return new Promise((resolve) => {
    const given = ['-q', '-v', '-s', '-o', '/dev/null', '--max-time', '10', ...args];
    execFile('curl', given, { env: { PATH, ...env } }, (_error, _stdout, stderr) => resolve(stderr));
  });
}

/** What names and servers of the cases resolve to: nothing listens there. */
const addresses: Readonly<Record<string, string>> = {
  'proxy.example': '127.0.0.2',
  'lower.example': '127.0.0.3',
  'upper.example': '127.0.0.4',
};
const SERVER = '127.0.0.9:9';

describe.runIf(isThatCurl)('a case of the proxy file', () => {
  const path = join(import.meta.dirname, '../../cases/proxy.json');
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as {
    cases: { id: string; input: { env: Environment; url: string } }[];
  };

  test.each(cases.map(({ id, input }) => [id, input] as const))('%s goes where curl goes', async (_, { env, url }) => {
    const found = environmentProxy(url, env);
    const { hostname = '', port = '' } = found === null ? {} : new URL(found.url.replace(/^\w+/, 'ftp'));
    const resolve = Object.entries(addresses).flatMap(([name, address]) =>
      ['3128', '8080', '8443', '1080', '1081'].flatMap((each) => ['--resolve', `${name}:${each}:${address}`]),
    );
    const said = await curl([...resolve, '--connect-to', `::${SERVER}`, url], env);
    const tried = /Trying (\S+?)\.\.\./.exec(said)?.[1];
    expect(tried, said).toBe(found === null ? SERVER : `${addresses[hostname] ?? hostname}:${port}`);
  });
});

describe.runIf(isThatCurl)('settings made at random', () => {
  let proxy: Counted;
  let server: Counted;

  beforeAll(async () => {
    [proxy, server] = await Promise.all([count(), count()]);
  });
  afterAll(() => {
    proxy.listening.close();
    server.listening.close();
  });

  test('lead to the proxy that curl goes to, with the same credentials, or past it', async () => {
    const random = seeded();
    for (let done = 0; done < 100; done += 1) {
      const env = environment(random, proxy.port);
      const url = `${random.pick(['http', 'https'])}://${random.pick(hosts)}/x`;
      proxy.heads.length = 0;
      server.heads.length = 0;
      const said = await curl(['--connect-to', `::127.0.0.1:${server.port}`, url], env);
      const what = `seed ${random.seed}: ${JSON.stringify({ url, env })}\n${said}`;
      const found = environmentProxy(url, env);
      expect([proxy.heads.length > 0, server.heads.length > 0], what).toEqual([found !== null, found === null]);
      const login = found?.credentials ?? null;
      const sent = /^proxy-authorization: basic (\S+)/im.exec(proxy.heads[0] ?? '')?.[1];
      const expected = login === null ? undefined : Buffer.from(`${login.user}:${login.password}`).toString('base64');
      expect(sent, what).toBe(expected);
    }
  });
});

const hosts = [
  ...['example.com', 'www.example.com', 'notexample.com', 'EXAMPLE.com', 'example.com.', 'example.com:9000'],
  ...['10.1.2.3', '10.1.2.3:9000', '10.200.0.1', '127.0.0.1', 'localhost', 'a.localhost', '[::1]', '[fd00::7]:9000'],
];
const exemptions = [
  ...[
    '*',
    'example.com',
    '.example.com',
    'EXAMPLE.COM',
    'ample.com',
    'com',
    'example.com.',
    '*.example.com',
    'x.example',
  ],
  ...['www.example.com', '10.1.2.3', '10.1.2', '10.0.0.0/8', '10.1.2.0/24', '10.1.2.3/32', '10.0.0.0/33', '0.0.0.0/0'],
  ...[
    'localhost',
    '127.0.0.1',
    '127.0.0.0/8',
    '::1',
    '[::1]',
    'fd00::/8',
    'fd00::7',
    '10.1.2.3/0',
    '10.0.0.0/x',
    '::1/0',
    '::1/129',
    'example.com:9000',
    '10.1.2.3:9000',
  ],
];
const logins = ['', '', 'user:pw@', 'user@', 'user:@', ':pw@', 'us%40er:p%3Aw@', 'user:100%@', 'ACME%5Cuser:a%zz@'];

function environment(random: ReturnType<typeof seeded>, port: number): Environment {
  const written = (): string => {
    const scheme = random.pick(['http://', 'http://', 'HTTP://', '']);
    return `${scheme}${random.pick(logins)}127.0.0.1:${port}${random.pick(['', '', '/', '/path'])}`;
  };
  const names = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'];
  const set = names.filter(() => random.below(3) === 0).map((name) => [name, random.pick([written(), written(), ''])]);
  const count = random.below(4);
  const list = Array.from({ length: count }, () => random.pick(exemptions)).join(random.pick([',', ', ', ' ', ',,']));
  const exempt = random.below(3) === 0 ? [] : [[random.pick(['no_proxy', 'NO_PROXY']), list]];
  return Object.fromEntries([...set, ...exempt]) as Environment;
}

interface Counted {
  readonly port: number;
  /** What each connection sent first. */
  readonly heads: string[];
  readonly listening: Server;
}

/** Something on this machine that notes who comes, and answers nobody. */
async function count(): Promise<Counted> {
  const heads: string[] = [];
  const listening = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (bytes) => {
      heads.push(bytes.toString('latin1'));
      socket.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    });
  });
  await new Promise<void>((done) => {
    listening.listen(0, '127.0.0.1', done);
  });
  return { port: (listening.address() as AddressInfo).port, heads, listening };
}
