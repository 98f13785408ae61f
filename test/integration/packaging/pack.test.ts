// What goes into the packages, as far as it shows without Electron's binary: the archive, and what the configuration
// asks for. Installers, signatures and the fuses in a binary are made and tried in CI.
import { extractFile, listPackage, statFile } from '@electron/asar';
import { build, Platform } from 'electron-builder';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
let folder: string;
let resources: string;
let files: readonly string[];

/** Files that electron-builder wants to find beside Electron's binary. */
async function makeStandInDist(path: string): Promise<void> {
  await mkdir(join(path, 'locales'), { recursive: true });
  await mkdir(join(path, 'resources'));
  await writeFile(join(path, 'electron'), '#!/bin/sh\n');
  await chmod(join(path, 'electron'), 0o755);
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'version', 'locales/en-US.pak']) {
    await writeFile(join(path, name), '');
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-pack-'));
  await makeStandInDist(join(folder, 'electron'));
  await build({
    targets: Platform.LINUX.createTarget('dir'),
    projectDir: root,
    // Fuses are bytes of the real binary, which this one has not.
    config: { directories: { output: folder }, electronDist: join(folder, 'electron'), electronFuses: null },
  });
  resources = join(folder, 'linux-unpacked', 'resources');
  files = listPackage(join(resources, 'app.asar'), { isPack: false }).map((file) => file.replaceAll('\\', '/'));
}, 180_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the archive', () => {
  test('holds what runs, the samples of the practice account and the icons of the tray', () => {
    const built = ['/dist/main.js', '/dist/preload/preload.cjs', '/dist/renderer/index.html'];
    for (const file of [
      ...built,
      '/dist/pages/drop.html',
      '/dist/pages/drop_parts.html',
      '/dist/pages/share.html',
      '/package.json',
    ]) {
      expect(files).toContain(file);
    }
    expect(files).toContain('/assets/samples/welcome.txt');
    expect(files).toContain('/assets/tray/waybillTemplate@2x.png');
  });

  test('holds nothing of how it was made', () => {
    expect(files.filter((file) => /^\/(test|main|renderer|preload|docs|\.ci|\.github)\b|\.map$/.test(file))).toEqual(
      [],
    );
    const packages = new Set(files.map((file) => /^\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]));
    for (const name of ['electron', 'vite', 'svelte', 'playwright', 'vitest', 'typescript', 'ali-oss', 'eslint']) {
      expect(packages.has(name), name).toBe(false);
    }
    for (const name of ['keytar', '@alicloud/sts20150401', 'electron-updater']) {
      expect(packages.has(name), name).toBe(true);
    }
  });

  test('has the licences of what is in the bundles, and of what is beside them', () => {
    const archive = join(resources, 'app.asar');
    const textOf = (file: string): string => extractFile(archive, file).toString('utf8');
    const bundled = ['dist/third-party-licences.txt', 'dist/renderer/third-party-licences.txt'].map(textOf).join('\n');
    for (const name of ['undici', 'zod', 'saxes', 'svelte', 'bits-ui', 'pdfjs-dist', '@lucide/svelte']) {
      expect(bundled, name).toMatch(new RegExp(`^${name} \\d+\\.\\d+`, 'm'));
    }
    expect(bundled).toContain('Permission is hereby granted');
    expect(bundled).not.toMatch(/\((?:A?GPL|LGPL|UNLICENSED)/);
    const packages = files.filter((file) => /^\/node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/.test(file));
    expect(packages.length).toBeGreaterThan(10);
    for (const file of packages) {
      const { name, license } = JSON.parse(textOf(file.slice(1))) as {
        readonly name: string;
        readonly license?: string;
      };
      expect(license, name).toMatch(/MIT|ISC|BSD|Apache|BlueOak|0BSD|Python-2\.0|Unlicense/);
    }
  });

  test('is not larger than it needs to be', () => {
    const archive = join(resources, 'app.asar');
    const bytes = files.reduce((sum, file) => {
      const entry = statFile(archive, file.slice(1));
      return 'size' in entry ? sum + entry.size : sum;
    }, 0);
    expect(bytes).toBeGreaterThan(1_000_000);
    expect(bytes).toBeLessThan(30_000_000);
  });

  test('has the keychain’s library beside it, for this system alone', async () => {
    const unpacked = await readdir(join(resources, 'app.asar.unpacked'), { recursive: true });
    const libraries = unpacked.filter((file) => file.endsWith('.node'));
    expect(libraries.length).toBeGreaterThan(0);
    expect(libraries.every((file) => file.includes(`linux-${process.arch}`))).toBe(true);
  });

  test('knows no place for updates, so that none is looked for', async () => {
    expect(await readdir(resources)).not.toContain('app-update.yml');
  });
});

test('the configuration sets the fuses that lock the app to its archive', async () => {
  const text = await readFile(join(root, 'electron-builder.yml'), 'utf8');
  for (const line of [
    'runAsNode: false',
    'enableNodeOptionsEnvironmentVariable: false',
    'enableNodeCliInspectArguments: false',
    'enableEmbeddedAsarIntegrityValidation: true',
    'onlyLoadAppFromAsar: true',
    'grantFileProtocolExtraPrivileges: false',
    'schemes: [waybill]',
  ]) {
    expect(text).toContain(`${line}\n`);
  }
});
