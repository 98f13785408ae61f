import { flushSync } from 'svelte';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ArgsOf, LinkDiagnosis, LinkProbe, ReceivedLink } from '../../../../../main/contract/contract.ts';
import { CallFailed } from '../../../../../renderer/lib/bridge.ts';
import { Messages } from '../../../../../renderer/lib/messages.svelte.ts';
import { diagnosisText } from '../../../../../main/words/diagnosis-text.ts';
import { Clock } from '../../../../../renderer/model/clock.svelte.ts';
import { TransferList } from '../../../../../renderer/model/transfers/transfers.svelte.ts';
import { Receipt } from '../../../../../renderer/screens/receive/receive.svelte.ts';
import { answering } from '../../answering.ts';
import { makeGate, settle } from '../../making.ts';

const start = Date.UTC(2026, 10, 24, 10, 30);

function makeLink(changes: Partial<ReceivedLink> = {}): ReceivedLink {
  return {
    kind: 'link',
    linkId: '6a0f3c52-5c7e-4c9f-8a57-0d1f1f8a4e11',
    signVersion: 'v4',
    bucket: 'photos',
    key: 'album/cat.jpg',
    fileName: 'cat.jpg',
    host: 'photos.oss-cn-hangzhou.aliyuncs.com',
    secure: true,
    exposed: false,
    region: 'cn-hangzhou',
    versionId: null,
    signedBy: 'LTAI****mple',
    temporary: false,
    validFrom: start,
    validUntil: start + 3_600_000,
    state: 'valid',
    repaired: [],
    boundHeaders: [],
    boundParams: [],
    note: null,
    noteUnreadable: false,
    direction: null,
    troubles: [],
    ...changes,
  };
}

function makeReceipt(answers: Parameters<typeof answering>[0], looksAtOnce = false): Receipt {
  const call = answering(answers);
  return new Receipt({
    ...{ call, clock: new Clock(1000), transfers: new TransferList(call), folder: '/home/li/Downloads' },
    looksAtOnce: () => looksAtOnce,
  });
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a link that was pasted', () => {
  test('is read by main, and nothing of the pasted text stays here', async () => {
    const receipt = makeReceipt({ 'links.inspect': () => makeLink() });
    await receipt.read({ text: 'https://photos.example/album/cat.jpg?a-signed-query' });
    expect(receipt.link?.key).toBe('album/cat.jpg');
    expect(receipt.fileName).toBe('cat.jpg');
    expect(JSON.stringify(receipt, Object.keys(receipt))).not.toContain('a-signed-query');
  });

  test('goes from valid to expired while it is on the screen', async () => {
    vi.useFakeTimers({ now: start + 3_598_500 });
    const receipt = makeReceipt({ 'links.inspect': () => makeLink() });
    await receipt.read({ text: 'link' });
    const shown: unknown[] = [];
    const stop = $effect.root(() => {
      $effect(() => {
        shown.push(receipt.linkState);
      });
    });
    flushSync();
    vi.advanceTimersByTime(2000);
    flushSync();
    expect(shown).toEqual(['valid', 'expired']);
    stop();
    await Promise.resolve();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('that starts in the future is not valid yet, and becomes so', async () => {
    vi.useFakeTimers({ now: start - 1500 });
    const receipt = makeReceipt({ 'links.inspect': () => makeLink({ state: 'not-yet-valid' }) });
    await receipt.read({ text: 'link' });
    const shown: unknown[] = [];
    const stop = $effect.root(() => {
      $effect(() => {
        shown.push(receipt.linkState);
      });
    });
    flushSync();
    vi.advanceTimersByTime(2000);
    flushSync();
    expect(shown).toEqual(['not-yet-valid', 'valid']);
    stop();
  });

  test('that is none of ours leaves nothing to do', async () => {
    const receipt = makeReceipt({
      'links.inspect': () => ({ kind: 'foreign', linkId: makeLink().linkId, host: 's3.amazonaws.com', service: 's3' }),
    });
    await receipt.read({ text: 'https://s3.amazonaws.com/' });
    await receipt.start();
    receipt.setMode('upload');
    await receipt.start();
    await receipt.check();
    expect([receipt.link, receipt.linkState, receipt.transferId, receipt.failure]).toEqual([null, null, null, null]);
  });

  test.each([
    ['a link for anything', {}, true],
    ['a download link', { direction: 'download' }, true],
    ['an upload link', { direction: 'upload' }, false],
    ['a link that deletes', { direction: 'other' }, false],
    ['an expired link', { state: 'expired' }, false],
  ] as const)('the server is asked about the file of %s: %s, %s', async (_name, changes, canCheck) => {
    vi.useFakeTimers({ now: start + 1000 });
    const receipt = makeReceipt({ 'links.inspect': () => makeLink(changes) });
    await receipt.read({ text: 'link' });
    expect(receipt.canCheck).toBe(canCheck);
  });

  test.each([
    ['a link for anything', {}, true, true],
    ['a download link', { direction: 'download' }, true, true],
    ['an upload link', { direction: 'upload' }, true, false],
    ['a link to delete', { direction: 'other' }, true, false],
    ['an expired link', { state: 'expired' }, true, false],
    ['any link, without the setting', { direction: 'download' }, false, false],
  ] as const)('%s is asked about at once: %j, setting %s, asked %s', async (_what, changes, setting, asked) => {
    vi.useFakeTimers({ now: start + 1000 });
    const probe = { sizeBytes: 7, contentType: null, lastModified: null, verifiable: true };
    const answers = { 'links.inspect': () => makeLink(changes), 'links.probe': () => probe };
    const receipt = makeReceipt(answers, setting);
    await receipt.read({ text: 'link' });
    expect(receipt.probe).toEqual(asked ? probe : null);
    const handed = makeReceipt(answers, setting);
    handed.show(makeLink(changes));
    expect([handed.probe, handed.probing.busy]).toEqual([null, false]);
  });

  test('to a file that may be public can be downloaded, and nothing else', async () => {
    const file = { kind: 'public-file', linkId: makeLink().linkId, bucket: 'photos', key: 'cat.jpg' } as const;
    const asked: ArgsOf<'links.download'>[] = [];
    const receipt = makeReceipt({
      'links.inspect': () => ({ ...file, fileName: 'cat.jpg', host: 'h', exposed: false, versionId: null }),
      'links.download': (args) => {
        asked.push(args);
        return { transferId: 't1' };
      },
    });
    await receipt.read({ text: 'address' });
    expect([receipt.mode, receipt.ready, receipt.link]).toEqual(['download', true, null]);
    await receipt.start();
    expect(asked).toEqual([{ linkId: file.linkId, folder: '/home/li/Downloads', fileName: 'cat.jpg' }]);
  });

  test('is one of a list, which is still there when it was looked at', async () => {
    const listed = {
      ...makeLink(),
      ...{ path: 'cat.jpg', sizeBytes: null, isDownload: true, method: null },
    };
    const fileId = '6a0f3c52-5c7e-4c9f-8a57-0d1f1f8a4e12';
    const receipt = makeReceipt({
      'links.inspect': () => ({ kind: 'link-list', fileId, objects: [listed, listed] }),
      'links.openListed': ({ place }) => makeLink({ key: `${place}.jpg` }),
    });
    await receipt.read({ text: 'two links' });
    const { list } = receipt;
    expect([list?.card.objects.length, receipt.link]).toEqual([2, null]);
    await receipt.openListed(1);
    expect(receipt.link?.key).toBe('1.jpg');
    receipt.backToList();
    expect([receipt.link, receipt.list]).toEqual([null, list]);
    receipt.forget();
    expect(receipt.list).toBeNull();
  });

  test('that can’t be opened from its list leaves the list there, with the reason, until another is opened', async () => {
    const failure = { kind: 'input', field: 'file', rule: 'unknown' } as const;
    const objects = [
      { ...makeLink(), ...{ path: 'cat.jpg', sizeBytes: null, isDownload: false, method: 'PUT' as const } },
    ];
    const receipt = makeReceipt({
      'links.openListed': ({ place }) => {
        if (place === 0) throw new CallFailed(failure);
        return makeLink();
      },
    });
    receipt.show({ kind: 'link-list', fileId: '6a0f3c52-5c7e-4c9f-8a57-0d1f1f8a4e12', objects });
    const { list } = receipt;
    await receipt.openListed(0);
    expect([receipt.list, receipt.target, receipt.reading.failure]).toEqual([list, null, failure]);
    await receipt.openListed(1);
    expect([receipt.target?.kind, receipt.reading.failure]).toEqual(['link', null]);
  });

  test('downloads to the chosen folder under the chosen name', async () => {
    const asked: ArgsOf<'links.download'>[] = [];
    const receipt = makeReceipt({
      'links.inspect': () => makeLink(),
      'dialogs.pickFolder': () => '/home/li/Pictures',
      'links.download': (args) => {
        asked.push(args);
        return { transferId: 't1' };
      },
    });
    await receipt.read({ text: 'link' });
    await receipt.pickFolder();
    receipt.fileName = ' kitten.jpg ';
    await receipt.start();
    expect(asked).toEqual([{ linkId: makeLink().linkId, folder: '/home/li/Pictures', fileName: 'kitten.jpg' }]);
    expect(receipt.transferId).toBe('t1');
  });

  test('a cancelled folder choice keeps the folder', async () => {
    const receipt = makeReceipt({ 'dialogs.pickFolder': () => null });
    await receipt.pickFolder();
    expect(receipt.folder).toBe('/home/li/Downloads');
  });

  test('uploads with exactly the headers that have a name', async () => {
    const asked: ArgsOf<'links.upload'>[] = [];
    const receipt = makeReceipt({
      'links.inspect': () => makeLink(),
      'dialogs.pickFiles': () => ['/home/li/cat.jpg'],
      'links.upload': (args) => {
        asked.push(args);
        return { transferId: 't2' };
      },
    });
    await receipt.read({ text: 'link' });
    receipt.headers = [
      { name: ' Content-Type', value: ' image/jpeg ' },
      { name: '', value: 'left over' },
    ];
    receipt.setMode('upload');
    await receipt.pickFile();
    await receipt.start();
    expect(asked).toEqual([
      { linkId: makeLink().linkId, path: '/home/li/cat.jpg', headers: { 'Content-Type': 'image/jpeg' } },
    ]);
  });

  test('that binds headers by name is offered for upload with those rows', async () => {
    const receipt = makeReceipt({ 'links.inspect': () => makeLink({ boundHeaders: ['content-disposition', 'host'] }) });
    await receipt.read({ text: 'link' });
    expect(receipt.mode).toBe('upload');
    expect(receipt.headers.map((row) => row.name)).toEqual(['content-disposition']);
  });

  test.each([
    ['DELETE', {}],
    ['HEAD', {}],
    ['DELETE', { validUntil: start - 1, state: 'expired' }],
  ] as const)('for %s moves no file: nothing is offered, and nothing starts', async (method, changes) => {
    vi.useFakeTimers({ now: start + 1000 });
    const receipt = makeReceipt({
      'links.inspect': () => makeLink({ note: { method, headers: {} }, direction: 'other', ...changes }),
    });
    await receipt.read({ text: 'link' });
    expect([receipt.offer, receipt.ready]).toEqual(['nothing', false]);
    await receipt.start();
    expect([receipt.transferId, receipt.failure]).toEqual([null, null]);
  });

  test.each([
    ['a valid one', { direction: 'download' }, false, 'transfer'],
    ['one that doesn’t say what it is for', { direction: null }, false, 'transfer'],
    ['an expired one', { state: 'expired' }, false, 'try-anyway'],
    ['an expired one that is insisted on', { state: 'expired' }, true, 'transfer'],
  ] as const)('is offered as what it is: %s', async (_what, changes, insisted, offer) => {
    vi.useFakeTimers({ now: start + 1000 });
    const receipt = makeReceipt({ 'links.inspect': () => makeLink(changes) });
    await receipt.read({ text: 'link' });
    receipt.insisted = insisted;
    expect(receipt.offer).toBe(offer);
  });

  test.each([
    [{ noteUnreadable: true, direction: 'upload' }, 'unreadable'],
    [{ noteUnreadable: true, direction: null }, 'unreadable'],
    [{ note: { method: 'GET', headers: {} }, direction: 'download' }, 'noted'],
    [{ direction: 'upload' }, 'only.upload'],
    [{ direction: null }, 'hint'],
  ] as const)('says first that its note is damaged, then what it is for: %j as %s', async (changes, purpose) => {
    const receipt = makeReceipt({ 'links.inspect': () => makeLink(changes) });
    await receipt.read({ text: 'link' });
    expect(receipt.purpose?.at).toBe(purpose);
  });

  test.each([
    [{ direction: 'upload' }, 'upload'],
    [{ direction: 'download', boundHeaders: ['range'] }, 'download'],
    [{ direction: null, boundHeaders: ['host'] }, 'download'],
    [{ direction: 'other' }, 'download'],
  ] as const)('that says %j is offered for %s', async (changes, mode) => {
    const receipt = makeReceipt({ 'links.inspect': () => makeLink(changes) });
    await receipt.read({ text: 'link' });
    expect(receipt.mode).toBe(mode);
  });

  test('the next paste forgets what was found out about the one before', async () => {
    const probe = { sizeBytes: 1, contentType: null, lastModified: null, verifiable: true };
    const receipt = makeReceipt({ 'links.inspect': () => makeLink(), 'links.probe': () => probe });
    await receipt.read({ text: 'first' });
    await receipt.check();
    expect(receipt.probe).toEqual(probe);
    await receipt.read({ text: 'second' });
    expect(receipt.probe).toBeNull();
  });

  test('a refusal by the server is shown with its reason', async () => {
    const failure = { kind: 'link', cause: 'link-mismatch', code: 'SignatureDoesNotMatch' } as const;
    const receipt = makeReceipt({
      'links.inspect': () => makeLink(),
      'links.probe': () => {
        throw new CallFailed(failure);
      },
    });
    await receipt.read({ text: 'link' });
    await receipt.check();
    expect(receipt.refusal).toEqual({ kind: 'failure', failure, tried: null });
    expect([receipt.failure, receipt.probing.busy]).toEqual([null, false]);
  });

  test('a trouble of the network says nothing about the link', async () => {
    const receipt = makeReceipt({
      'links.inspect': () => makeLink(),
      'links.probe': () => {
        throw new CallFailed({ kind: 'network', reason: 'reset' });
      },
    });
    await receipt.read({ text: 'link' });
    await receipt.check();
    expect([receipt.refusal, receipt.failure?.kind]).toEqual([null, 'network']);
  });

  test("opens in the mode that the sender's note names, with its headers filled in", async () => {
    const note = { method: 'PUT', headers: { 'content-type': 'image/png', 'x-oss-meta-from': 'Li' } } as const;
    const receipt = makeReceipt({
      'links.inspect': () => makeLink({ note, direction: 'upload', boundHeaders: ['x-oss-meta-from'] }),
    });
    await receipt.read({ text: 'link' });
    expect(receipt.mode).toBe('upload');
    expect(receipt.headers.map(({ name, value }) => [name, value])).toEqual(Object.entries(note.headers));
  });

  test('that does not work is explained, until the next one is pasted', async () => {
    const diagnosis: LinkDiagnosis = {
      cause: 'expired',
      failure: { kind: 'link', cause: 'expired', at: start },
      serverTime: start + 1,
      clockOffBy: 0,
      code: 'AccessDenied',
      ec: '0002-00000069',
      requestId: 'R1',
    };
    const receipt = makeReceipt({ 'links.inspect': () => makeLink(), 'links.diagnose': () => diagnosis });
    await receipt.read({ text: 'first' });
    await receipt.diagnose();
    expect([receipt.diagnosis, receipt.diagnosing.busy]).toEqual([diagnosis, false]);
    expect(receipt.refusal).toEqual({ kind: 'diagnosis', diagnosis });
    await receipt.read({ text: 'second' });
    expect(receipt.diagnosis).toBeNull();
  });
});

describe('the words of a diagnosis', () => {
  const none = { serverTime: null, clockOffBy: 0, code: null, ec: null, requestId: null };

  test('name the cause, the next step and what support asks for', () => {
    const cause = {
      cause: 'header-missing',
      failure: { kind: 'link', cause: 'header-missing', code: 'SignatureDoesNotMatch', requestId: 'R1' },
      headers: ['x-oss-meta-from'],
    } as const;
    const words = diagnosisText(
      { ...none, ...cause, code: 'SignatureDoesNotMatch', requestId: 'R1' },
      new Messages('en'),
    );
    expect(words.title).toBe('It needs these headers: x-oss-meta-from');
    expect(words.next).toContain('Upload');
    expect([words.details, words.clock]).toEqual(['SignatureDoesNotMatch · RequestId R1', null]);
  });

  test('tell of a wrong clock whatever the cause', () => {
    const words = diagnosisText({ ...none, cause: 'none', status: 206, clockOffBy: -7_200_000 }, new Messages('en'));
    expect(words.clock).toBe('This computer’s clock is 2 hr behind the server.');
  });
});

describe('an answer about a link that was left', () => {
  const other = '0d9c7f58-6f0e-4a55-9a9e-2d3a3f1f6b10';
  const refused = new CallFailed({ kind: 'network', reason: 'refused' });

  test('of a check says nothing in the empty paste box', async () => {
    const probe = makeGate<LinkProbe>();
    const receipt = makeReceipt({ 'links.probe': () => probe.answer });
    receipt.show(makeLink());
    const checked = receipt.check();
    receipt.forget();
    probe.open({ sizeBytes: 1, contentType: 'image/jpeg', lastModified: null, verifiable: true });
    await checked;
    expect([receipt.failure, receipt.probe]).toEqual([null, null]);
  });

  test('of a check is not shown at the next link, which can be checked at once', async () => {
    const probe = makeGate<LinkProbe>();
    const asked: string[] = [];
    const receipt = makeReceipt({
      'links.probe': ({ linkId }) => {
        asked.push(linkId);
        return linkId === other ? makeGate<LinkProbe>().answer : probe.answer;
      },
    });
    receipt.show(makeLink());
    const checked = receipt.check();
    receipt.show(makeLink({ linkId: other }));
    void receipt.check();
    probe.fail(refused);
    await checked;
    expect(receipt.failure).toBeNull();
    expect(asked).toEqual([makeLink().linkId, other]);
  });

  test('does not come back: the later of two pastes is shown', async () => {
    const [slow, fast] = [makeGate<ReceivedLink>(), makeGate<ReceivedLink>()];
    const receipt = makeReceipt({
      'links.inspect': ({ text }) => (text === 'slow' ? slow.answer : fast.answer),
    });
    const both = [receipt.read({ text: 'slow' }), receipt.read({ text: 'fast' })];
    fast.open(makeLink({ linkId: other }));
    await settle();
    slow.open(makeLink());
    await Promise.all(both);
    expect(receipt.link?.linkId).toBe(other);
    expect(receipt.reading.busy).toBe(false);
  });

  test('of a start is not shown at the next link', async () => {
    const started = makeGate<{ transferId: string }>();
    const receipt = makeReceipt({ 'links.download': () => started.answer });
    receipt.show(makeLink());
    const start = receipt.start();
    receipt.show(makeLink({ linkId: other }));
    started.open({ transferId: crypto.randomUUID() });
    await start;
    expect(receipt.transferId).toBeNull();
  });
});
