// What only Electron's own binary can show. Where it is missing, `npm test` says how many of these were not run.
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './support/app.ts';
import { onlyInRealElectron, onlyWithPackedApp } from './support/real-electron.ts';
import { ask, openPractice } from './support/waybill.ts';

test.describe('permissions', () => {
  onlyInRealElectron('the stand-in asks for permissions before a page starts, not when the page wants one');

  test('what a page asks for is refused when it asks', async ({ page }) => {
    expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
    const place = page.evaluate(
      () =>
        new Promise<number>((done) =>
          navigator.geolocation.getCurrentPosition(
            () => done(0),
            ({ code }) => done(code),
          ),
        ),
    );
    // 1 is PERMISSION_DENIED.
    expect(await place).toBe(1);
    await expect(page.evaluate(() => navigator.requestMIDIAccess({ sysex: true }))).rejects.toThrow();
    await expect(page.evaluate(() => navigator.clipboard.readText())).rejects.toThrow(/NotAllowed|denied/i);
  });

  test('a page that looks whether it may is told no', async ({ page }) => {
    for (const name of ['geolocation', 'notifications', 'camera', 'microphone'] as const) {
      const state = page.evaluate(async (asked) => (await navigator.permissions.query({ name: asked })).state, name);
      expect(await state, name).toBe('denied');
    }
  });
});

test.describe('sandbox', () => {
  onlyInRealElectron('the page of the stand-in is a tab of Chromium, whatever the app asks for');

  test('the window is sandboxed, isolated and without Node', async ({ started }) => {
    const { app, page } = started;
    const preferences = await app.evaluate(({ BrowserWindow }) => {
      // Electron's own tests use it; its types leave it out.
      const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as
        { getLastWebPreferences(): Record<string, unknown> | null } | undefined;
      return contents?.getLastWebPreferences();
    });
    expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false });
    const known = await page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer'].filter((name) => name in globalThis),
    );
    expect(known).toEqual([]);
  });

  test('the system keeps the process of the page inside', async ({ started }) => {
    const { app } = started;
    const page = await app.evaluate(({ app, BrowserWindow }) => {
      const pid = BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId();
      const isSandboxed = app.getAppMetrics().find((metric) => metric.pid === pid)?.sandboxed;
      return { pid, isSandboxed, isOff: app.commandLine.hasSwitch('no-sandbox') };
    });
    test.skip(page.isOff, 'started with --no-sandbox');
    // Electron tells it on Windows and macOS; on Linux the kernel does.
    const isSandboxed =
      process.platform === 'linux'
        ? /^Seccomp:\s+2$/m.test(await readFile(`/proc/${String(page.pid)}/status`, 'utf8'))
        : page.isSandboxed;
    expect(isSandboxed).toBe(true);
  });
});

test.describe('proxy scripts', () => {
  onlyInRealElectron('the stand-in has a reader of scripts of its own');

  test('Chromium runs them, with all functions that scripts may use', async ({ started }) => {
    const script = `function FindProxyForURL(url, host) {
      if (shExpMatch(host, '*.cn-hangzhou.aliyuncs.com')) return 'PROXY a.example:8080; DIRECT';
      if (isInNet(host, '10.1.0.0', '255.255.0.0')) return 'SOCKS5 b.example:1080';
      if (dnsDomainLevels(host) === 0) return 'HTTPS c.example:443';
      return 'DIRECT';
    }`;
    const pacScript = `data:application/x-ns-proxy-autoconfig;base64,${Buffer.from(script).toString('base64')}`;
    const hosts = ['my-bucket.cn-hangzhou.aliyuncs.com', '10.1.2.3', 'intranet', 'example.com'];
    const answers = await started.app.evaluate(
      async ({ session }, [given, asked]) => {
        await session.defaultSession.setProxy({ mode: 'pac_script', pacScript: given });
        return Promise.all(asked.map((host) => session.defaultSession.resolveProxy(`https://${host}/`)));
      },
      [pacScript, hosts] as const,
    );
    expect(answers.map((answer) => answer.replaceAll('; ', ';'))).toEqual([
      'PROXY a.example:8080;DIRECT',
      'SOCKS5 b.example:1080',
      'HTTPS c.example:443',
      'DIRECT',
    ]);
  });
});

test.describe('dragging out', () => {
  onlyInRealElectron(
    "the stand-in does not see what Chromium downloads, and Chromium's pages do not know app: addresses",
  );

  test('Chromium downloads what is dragged out, and nothing else of ours', async ({ started, home }) => {
    const { app, page } = started;
    await openPractice(page);
    const [account] = await ask(page, 'accounts.list', {});
    const at = { accountId: account?.id ?? '', bucket: 'waybill-inbox' };
    await ask(page, 'objects.createFolder', { ...at, prefix: 'note/' });
    const { ticket } = await ask(page, 'objects.offerDrag', { ...at, key: 'note/' });
    const path = join(home.folder, 'note');
    const download = (address: string) =>
      app.evaluate(
        ({ session }, [url, savePath]) =>
          new Promise<string>((resolve) => {
            session.defaultSession.once('will-download', (event, item) => {
              if (event.defaultPrevented) resolve('prevented');
              item.setSavePath(savePath);
              item.once('done', (_done, state) => resolve(state));
            });
            session.defaultSession.downloadURL(url);
          }),
        [address, path] as const,
      );
    expect(await download(`app://waybill/drag/${ticket}`)).toBe('completed');
    expect(await readFile(path, 'utf8')).toBe('');
    expect(await download('app://waybill/index.html')).toBe('prevented');
  });
});

test('the packed program has its fuses set', async () => {
  const program = onlyWithPackedApp('fuses are in the packed program');
  const wire = await getCurrentFuseWire(program);
  // The bytes of the wire: the characters 0 and 1.
  const isOn = (fuse: FuseV1Options): boolean => String.fromCharCode(Number(wire[fuse])) === '1';
  expect({
    runAsNode: isOn(FuseV1Options.RunAsNode),
    cookieEncryption: isOn(FuseV1Options.EnableCookieEncryption),
    nodeOptions: isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
    inspectArguments: isOn(FuseV1Options.EnableNodeCliInspectArguments),
    asarIntegrity: isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
    onlyAsar: isOn(FuseV1Options.OnlyLoadAppFromAsar),
    filePrivileges: isOn(FuseV1Options.GrantFileProtocolExtraPrivileges),
  }).toEqual({
    runAsNode: false,
    cookieEncryption: true,
    nodeOptions: false,
    inspectArguments: false,
    asarIntegrity: true,
    onlyAsar: true,
    filePrivileges: false,
  });
});
