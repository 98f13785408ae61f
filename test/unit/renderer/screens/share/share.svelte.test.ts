import { describe, expect, test } from 'vitest';
import type { ArgsOf, LinkValidity, ObjectVersion, RecordedLink } from '../../../../../main/contract/contract.ts';
import { CallFailed } from '../../../../../renderer/lib/bridge.ts';
import { plainFields, toLinkOptions } from '../../../../../renderer/parts/link-fields.ts';
import { ShareForm } from '../../../../../renderer/screens/share/share.svelte.ts';
import { makeAccount } from '../../making.ts';
import { answering } from '../../answering.ts';

const account = makeAccount({ name: 'Studio' });
const object = { accountId: account.id, bucket: 'photos', key: 'album/cat.jpg', versionId: null };
const validity: LinkValidity = { validUntil: 1_795_549_800_000, limitedBy: 'expiry', sessionEndUnknown: false };
const shared: RecordedLink = {
  ...validity,
  ledgerId: '5a0f7d0e-6f0e-4a55-9a9e-2d3a3f1f6b11',
  url: 'https://photos.example/album/cat.jpg?a-signed-query',
  bucket: 'photos',
  key: 'album/cat.jpg',
  versionId: null,
  noted: null,
  method: 'GET',
  headers: {},
  warnings: [],
};

function makeVersion(versionId: string, changes: Partial<ObjectVersion> = {}): ObjectVersion {
  return {
    key: object.key,
    versionId,
    isLatest: false,
    deleteMarker: false,
    sizeBytes: 5,
    lastModified: 1,
    etag: 'e',
    storageClass: 'Standard',
    ...changes,
  };
}

function makeGate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

describe('the share dialog', () => {
  test("starts with the account's own expiry, the current version and a download", () => {
    const form = new ShareForm(object, { ...account, defaultExpirySeconds: 7200 }, answering({}));
    expect(form.options).toMatchObject({
      method: 'GET',
      signVersion: 'v4',
      expiry: { by: 'length', count: '2', unit: 'hours' },
      versionId: null,
      fileName: '',
      open: 'download',
    });
  });

  test('the link is made from what the form says, and is on the clipboard at once', async () => {
    const made: ArgsOf<'links.make'>[] = [];
    const clipboard: string[] = [];
    const form = new ShareForm(
      object,
      account,
      answering({
        'links.make': (args) => {
          made.push(args);
          return shared;
        },
        'clipboard.copy': ({ text }) => {
          clipboard.push(text);
          return null;
        },
      }),
    );
    form.set({
      expiry: { by: 'length', count: '2', unit: 'days' },
      fileName: ' 猫.jpg ',
      open: 'preview',
      versionId: 'v1',
    });
    await form.makeAndCopy();
    expect(made).toEqual([
      {
        accountId: account.id,
        bucket: 'photos',
        key: 'album/cat.jpg',
        versionId: 'v1',
        expiresSeconds: 172_800,
        fileName: '猫.jpg',
        open: 'preview',
      },
    ]);
    expect(clipboard).toEqual([shared.url]);
    expect([form.link, form.copied]).toEqual([shared, true]);
  });

  test('an empty file name keeps the name of the key', async () => {
    let fileName: string | null = 'not asked';
    const form = new ShareForm(
      object,
      account,
      answering({
        'links.make': (args) => {
          fileName = args.fileName;
          return shared;
        },
        'clipboard.copy': () => null,
      }),
    );
    form.set({ fileName: '  ' });
    await form.makeAndCopy();
    expect(fileName).toBeNull();
  });

  test('any change of an option drops the link that was made', async () => {
    const form = new ShareForm(
      object,
      account,
      answering({ 'links.make': () => shared, 'clipboard.copy': () => null }),
    );
    await form.makeAndCopy();
    form.set({ open: 'preview' });
    expect([form.link, form.copied]).toEqual([null, false]);
  });

  test('a link that arrives after an option was changed is thrown away', async () => {
    const gate = makeGate();
    const clipboard: string[] = [];
    const form = new ShareForm(
      object,
      account,
      answering({
        'links.make': async () => {
          await gate.opened;
          return shared;
        },
        'clipboard.copy': ({ text }) => {
          clipboard.push(text);
          return null;
        },
      }),
    );
    const making = form.makeAndCopy();
    form.set({ fileName: 'other.jpg' });
    gate.open();
    await making;
    expect([form.link, form.making.busy]).toEqual([null, false]);
    expect(clipboard).toEqual([]);
  });

  test('an expiry that means nothing asks nobody and makes nothing', async () => {
    const form = new ShareForm(object, account, answering({}));
    form.set({ expiry: { by: 'length', count: '', unit: 'hours' } });
    await form.refreshPlan();
    await form.makeAndCopy();
    expect([form.validity, form.link, form.failure]).toEqual([null, null, null]);
  });

  test('the end that is shown belongs to the expiry chosen last', async () => {
    const gate = makeGate();
    const form = new ShareForm(
      object,
      account,
      answering({
        'links.check': async ({ expiresSeconds = 0 }) => {
          if (expiresSeconds === 3600) await gate.opened;
          return { validity: { ...validity, validUntil: expiresSeconds }, problems: [], warnings: [], hosts: [] };
        },
      }),
    );
    const first = form.refreshPlan();
    form.set({ expiry: { by: 'preset', seconds: 900 } });
    await form.refreshPlan();
    gate.open();
    await first;
    expect(form.validity?.validUntil).toBe(900);
  });

  test('a refusal is shown, and goes away with the next change', async () => {
    const failure = { kind: 'credentials', cause: 'token-expired' } as const;
    const form = new ShareForm(
      object,
      account,
      answering({
        'links.make': () => {
          throw new CallFailed(failure);
        },
      }),
    );
    await form.makeAndCopy();
    expect([form.failure, form.link, form.making.busy]).toEqual([failure, null, false]);
    form.set({ open: 'preview' });
    expect(form.failure).toBeNull();
  });

  test('a bucket without versions offers none', async () => {
    const only = makeVersion('null', { isLatest: true });
    const form = new ShareForm(object, account, answering({ 'objects.versions': () => [only] }));
    await form.loadVersions();
    expect(form.versioned).toBe(false);
  });

  test('of a deleted object the newest version that has content is chosen', async () => {
    const form = new ShareForm(
      object,
      account,
      answering({
        'objects.versions': () => [
          makeVersion('marker', { isLatest: true, deleteMarker: true }),
          makeVersion('older-marker', { deleteMarker: true }),
          makeVersion('v2'),
          makeVersion('v1'),
        ],
      }),
    );
    await form.loadVersions();
    expect([form.versioned, form.currentDeleted, form.options.versionId]).toEqual([true, true, 'v2']);
  });

  test('an account that may not list versions can still share the current one', async () => {
    const failure = { kind: 'credentials', cause: 'denied-by-policy' } as const;
    const form = new ShareForm(
      object,
      account,
      answering({
        'objects.versions': () => {
          throw new CallFailed(failure);
        },
        'links.make': () => shared,
        'clipboard.copy': () => null,
      }),
    );
    await form.loadVersions();
    await form.makeAndCopy();
    expect([form.readingVersions.failure, form.failure, form.link]).toEqual([failure, null, shared]);
  });

  test('an upload link is for the key that was typed, with its headers and no version', async () => {
    const made: ArgsOf<'links.make'>[] = [];
    const form = new ShareForm(
      { ...object, versionId: 'v1' },
      account,
      answering({
        'links.make': (args) => {
          made.push(args);
          return shared;
        },
        'clipboard.copy': () => null,
      }),
    );
    form.set({
      method: 'PUT',
      uploadKey: 'inbox/a.png',
      contentType: ' image/png ',
      storageClass: 'IA',
      forbidOverwrite: true,
      meta: [
        { name: 'from', value: 'Li' },
        { name: '', value: 'lost' },
      ],
      responseType: 'text/plain',
      recipient: 'Li',
    });
    await form.makeAndCopy();
    expect(made).toEqual([
      {
        accountId: account.id,
        bucket: 'photos',
        key: 'inbox/a.png',
        versionId: null,
        expiresSeconds: 3600,
        fileName: null,
        open: null,
        method: 'PUT',
        upload: { contentType: 'image/png', storageClass: 'IA', forbidOverwrite: true, meta: { from: 'Li' } },
        record: { recipient: 'Li', note: '', revocable: false },
      },
    ]);
  });

  test('a link that can be revoked is planned and made as one', async () => {
    const asked: unknown[] = [];
    const form = new ShareForm(
      object,
      account,
      answering({
        'links.check': ({ revocable }) => {
          asked.push({ revocable });
          return { validity, problems: [], warnings: [], hosts: [] };
        },
        'links.make': ({ record }) => {
          asked.push({ record });
          return shared;
        },
        'clipboard.copy': () => null,
      }),
    );
    await form.refreshPlan();
    form.set({ revocable: true });
    await form.refreshPlan();
    await form.makeAndCopy();
    expect(asked).toEqual([
      { revocable: false },
      { revocable: true },
      { record: { recipient: '', note: '', revocable: true } },
    ]);
  });

  test('what OSS would refuse is told at its field, and no link is offered until it is mended', async () => {
    const problem = {
      kind: 'input',
      field: 'x-oss-traffic-limit',
      rule: 'traffic-limit',
      limit: '819200…838860800',
    } as const;
    const form = new ShareForm(
      object,
      account,
      answering({
        'links.check': ({ trafficLimitBitsPerSecond = 819_200 }) => ({
          validity,
          problems: trafficLimitBitsPerSecond < 819_200 ? [problem] : [],
          warnings: [],
          hosts: [],
        }),
      }),
    );
    for (const [typed, refused] of [
      ['99', problem],
      ['fast', problem],
      ['100', null],
    ] as const) {
      form.set({ trafficLimit: typed });
      await form.refreshPlan();
      expect([form.problemOf('x-oss-traffic-limit'), form.ready]).toEqual([refused, refused === null]);
    }
  });

  test('a subnet is an address and how many bits of it count', () => {
    expect(toLinkOptions({ ...plainFields, sourceIp: '192.0.2.0/24' }, 'v4')).toEqual({
      access: { sourceIp: '192.0.2.0', subnetMask: 24 },
    });
    expect(toLinkOptions({ ...plainFields, sourceIp: '192.0.2.0/x' }, 'v4').access?.subnetMask).toBe(-1);
  });

  test("the signature version is asked for only where it is not the account's own", () => {
    expect(toLinkOptions(plainFields, 'v4')).toEqual({});
    expect(toLinkOptions(plainFields, 'v1')).toEqual({ signVersion: 'v4' });
  });

  test('the link goes out with its note, or without when that is not wanted', async () => {
    const clipboard: string[] = [];
    const noted = `${shared.url}#waybill=e30`;
    const form = new ShareForm(
      object,
      account,
      answering({
        'links.make': () => ({ ...shared, noted }),
        'clipboard.copy': ({ text }) => {
          clipboard.push(text);
          return null;
        },
      }),
    );
    await form.makeAndCopy();
    form.setWithNote(false);
    expect(form.copied).toBe(false);
    await form.copy();
    expect(clipboard).toEqual([noted, shared.url]);
  });
});
