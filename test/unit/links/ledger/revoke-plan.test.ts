import { describe, expect, test } from 'vitest';
import type { LedgerEntry, LedgerItem } from '../../../../main/links/ledger/ledger-entry.ts';
import { type Remedy, revokePlan } from '../../../../main/links/ledger/revoke-plan.ts';

const roleArn = 'acs:ram::1000000000000001:role/share';
const key: LedgerEntry['signer'] = { kind: 'key', accessKeyId: 'LTAIone' };
const role: LedgerEntry['signer'] = {
  kind: 'role',
  accessKeyId: 'LTAIone',
  roleArn,
  sessionName: 'waybill',
  own: true,
};

function entry(what: Partial<Extract<LedgerEntry['what'], { kind: 'link' }>>, signer = key): LedgerItem {
  return {
    id: crypto.randomUUID(),
    madeAt: 0,
    accountId: crypto.randomUUID(),
    accountName: 'Studio',
    what: { kind: 'link', method: 'GET', bucket: 'b', key: 'k', versionId: null, ...what },
    signer,
    options: {},
    validUntil: 1000,
    sessionEndUnknown: false,
    note: '',
    recipient: '',
    urlKept: false,
    goneAt: null,
    renews: null,
    state: 'live',
  };
}

function grant(prefixes: string[], signer: LedgerEntry['signer']): LedgerItem {
  const what = { kind: 'grant', bucket: 'b', keys: [], prefixes, allow: ['read'], sourceIp: null } as const;
  return { ...entry({}, signer), what: { ...what, keys: [...what.keys], allow: [...what.allow] } };
}

/** A remedy of the plan with what it does to the others. */
function remedy(kind: Remedy['kind'], target: LedgerItem, others: readonly LedgerItem[]) {
  return revokePlan(target, [target, ...others]).remedies.find((planned) => planned.remedy.kind === kind);
}

describe('what else dies with a link', () => {
  const target = entry({});

  test('deleting the object: all links to it that name no version; those that do, perhaps', () => {
    const same = entry({}, { kind: 'key', accessKeyId: 'LTAItwo' });
    const pinned = entry({ versionId: 'v1' });
    const upload = entry({ method: 'PUT' });
    const other = entry({ key: 'k2' });
    expect(remedy('delete-object', target, [same, pinned, upload, other])).toMatchObject({
      alsoEnds: [same.id],
      mayEnd: [pinned.id],
    });
  });

  test('deleting a version: links to that version', () => {
    const pinned = entry({ versionId: 'v1' });
    const twin = entry({ versionId: 'v1' }, role);
    const newer = entry({ versionId: 'v2' });
    const plan = remedy('delete-version', pinned, [twin, target]);
    expect(plan).toMatchObject({ remedy: { versionId: 'v1' }, alsoEnds: [twin.id], mayEnd: [target.id] });
    expect(remedy('delete-version', pinned, [newer])?.alsoEnds).toEqual([]);
  });

  test('disabling the key: all that it signed itself, not what its roles signed', () => {
    const same = entry({ key: 'other' });
    const byRole = entry({ key: 'other' }, role);
    const byOther = entry({ key: 'other' }, { kind: 'key', accessKeyId: 'LTAItwo' });
    expect(remedy('disable-key', target, [same, byRole, byOther])).toMatchObject({ alsoEnds: [same.id], mayEnd: [] });
  });

  test('denying a session: what was shared with it, and nothing else of the role', () => {
    const shared = (principals: string[]) => ({ accessKeyId: 'STS.one', principals, validUntil: 1000 });
    const ours = 'arn:sts::1000000000000001:assumed-role/share/wb-1';
    const link: LedgerItem = { ...entry({}, role), session: shared([ours]) };
    const together: LedgerItem = {
      ...entry({ key: 'other' }, role),
      session: shared([ours.replace('share', 'Share'), ours]),
    };
    const apart: LedgerItem = { ...entry({}, role), session: shared([ours.replace('wb-1', 'WB-1')]) };
    expect(remedy('deny-session', link, [together, apart, entry({}, role), target])).toMatchObject({
      remedy: { bucket: 'b', session: 'share/wb-1' },
      alsoEnds: [together.id],
      mayEnd: [],
    });
    expect(
      revokePlan(link, [link])
        .remedies.map((planned) => planned.remedy.kind)
        .slice(0, 2),
    ).toEqual(['wait', 'deny-session']);
    expect(remedy('deny-session', entry({}, role), [])).toBeUndefined();
  });

  test('denying a key one object: its other links to that, whatever the version', () => {
    const pinned = entry({ versionId: 'v1' });
    const details = entry({ method: 'HEAD' });
    const others = [entry({ key: 'k2' }), entry({ bucket: 'c' }), entry({ method: 'DELETE' }), entry({}, role)];
    expect(remedy('deny-object', target, [pinned, details, ...others])).toMatchObject({
      remedy: { bucket: 'b', key: 'k', accessKeyId: 'LTAIone' },
      alsoEnds: [pinned.id, details.id],
      mayEnd: [],
    });
    expect(remedy('deny-object', entry({}, role), [])).toBeUndefined();
  });

  test('changing the role: all that its sessions signed, grants too', () => {
    const byRole = entry({}, role);
    const link = entry({ key: 'other' }, role);
    const access = grant(['x/'], role);
    expect(remedy('change-role', byRole, [link, access, target])?.alsoEnds).toEqual([link.id, access.id]);
  });

  test('a denial for the object: links of the same signer to it, and nothing else', () => {
    const byRole = entry({ key: 'x/k' }, role);
    const head = entry({ key: 'x/k', method: 'HEAD' }, role);
    const upload = entry({ key: 'x/k', method: 'PUT' }, role);
    const elsewhere = entry({ key: 'x/other' }, role);
    const access = grant(['x/'], role);
    const plan = remedy('deny', byRole, [head, upload, elsewhere, access, target]);
    expect(plan).toMatchObject({ alsoEnds: [head.id], mayEnd: [access.id] });
    const policy = plan?.remedy.kind === 'deny' ? plan.remedy.policy : '';
    expect(JSON.parse(policy)).toEqual({
      Version: '1',
      Statement: [{ Effect: 'Deny', Action: ['oss:GetObject'], Resource: ['acs:oss:*:*:b/x/k'] }],
    });
  });
});

describe('which remedies there are', () => {
  const kindsOf = (item: LedgerItem) => revokePlan(item, [item]).remedies.map(({ remedy: { kind } }) => kind);

  test('waiting always comes first, and an upload link is not ended by deleting', () => {
    expect(kindsOf(entry({}))).toEqual(['wait', 'deny-object', 'delete-object', 'deny', 'disable-key']);
    expect(kindsOf(entry({ method: 'PUT' }, role))).toEqual(['wait', 'deny', 'change-role']);
    expect(kindsOf(grant(['x/'], role))).toEqual(['wait', 'change-role']);
  });

  test('for pasted credentials somebody else must act', () => {
    expect(kindsOf(entry({}, { kind: 'token', accessKeyId: 'STS.x' }))).toEqual([
      'wait',
      'delete-object',
      'ask-issuer',
    ]);
  });

  test('for one that has ended there is nothing to do, and it is not counted among the others', () => {
    const ended = { ...entry({}), state: 'ended' as const };
    expect(revokePlan(ended, [ended]).remedies).toEqual([]);
    expect(remedy('disable-key', entry({}), [ended])?.alsoEnds).toEqual([]);
  });

  test('the one that takes least with it comes first after waiting', () => {
    const target = entry({});
    const others = [entry({ bucket: 'c' }), entry({ bucket: 'd' })];
    const last = revokePlan(target, [target, ...others]).remedies.at(-1);
    expect(last?.remedy.kind).toBe('disable-key');
  });
});

describe('forms and tickets', () => {
  type FormWhat = Extract<LedgerEntry['what'], { kind: 'form' }>;
  const form = (keys: FormWhat['keys'], signer = key): LedgerItem => ({
    ...entry({}, signer),
    what: { kind: 'form', bucket: 'b', keys, format: 'page', signedAs: 'LTAIone' },
  });
  const drop = form({ kind: 'prefix', prefix: 'drop/' });
  const ticket = (name: string, uploadId = 'u1'): LedgerItem => ({
    ...entry({}),
    what: {
      ...{ kind: 'ticket', bucket: 'b', key: name, uploadId },
      ...{ sizeBytes: 6, partSizeBytes: 1, forbidOverwrite: true },
    },
  });

  test('cancelling the upload of a ticket revokes that, tickets that renewed it, and nothing else', () => {
    const [first, renewed, other] = [ticket('a'), ticket('a'), ticket('a', 'u2')];
    expect(remedy('abort-upload', first, [renewed, other, drop])).toMatchObject({
      remedy: { bucket: 'b', key: 'a', uploadId: 'u1' },
      alsoEnds: [renewed.id],
      mayEnd: [],
    });
    const [wait, narrowest] = revokePlan(other, [first, other]).remedies;
    expect([wait?.remedy.kind, narrowest?.remedy.kind]).toEqual(['wait', 'abort-upload']);
  });

  test('denying the key a folder ends what uploads there alone, and cuts what uploads there too', () => {
    const inside = entry({ method: 'PUT', key: 'drop/x' });
    const download = entry({ key: 'drop/x' });
    const outside = entry({ method: 'PUT', key: 'dropped' });
    const slots = form({ kind: 'slots', keys: ['drop/1', 'drop/2'] });
    const mixed = form({ kind: 'slots', keys: ['drop/1', 'other/1'] });
    const wider = form({ kind: 'prefix', prefix: '' });
    const large = ticket('drop/large');
    const plan = remedy('deny', drop, [inside, download, outside, slots, mixed, wider, large]);
    expect(plan).toMatchObject({ alsoEnds: [inside.id, slots.id, large.id], mayEnd: [mixed.id, wider.id] });
    const policy = plan?.remedy.kind === 'deny' ? plan.remedy.policy : '';
    expect(JSON.parse(policy)).toMatchObject({
      Statement: [{ Effect: 'Deny', Action: ['oss:PutObject'], Resource: ['acs:oss:*:*:b/drop/*'] }],
    });
  });

  test('the bucket’s policy denies a form alone, with what the same key signed for the same place', () => {
    const twin = form({ kind: 'prefix', prefix: 'drop/' });
    const bySession: LedgerItem = {
      ...drop,
      id: crypto.randomUUID(),
      what: { ...(drop.what as FormWhat), signedAs: 'STS.one' },
    };
    const link = entry({ method: 'PUT', key: 'drop/x' });
    const byOther = entry({ method: 'PUT', key: 'drop/x' }, role);
    expect(remedy('deny-uploads', drop, [twin, bySession, link, byOther])).toMatchObject({
      alsoEnds: [twin.id, link.id],
      mayEnd: [],
    });
  });

  test('a form for the whole bucket that a key signed has no such remedy, one of a session has', () => {
    const whole = form({ kind: 'prefix', prefix: '' });
    expect(remedy('deny-uploads', whole, [])).toBeUndefined();
    const what: FormWhat = { ...(whole.what as FormWhat), signedAs: 'STS.one' };
    expect(remedy('deny-uploads', { ...whole, what }, [])).toBeDefined();
  });

  test('denying a key uploads to one file ends what it signed for that file alone', () => {
    const upload = entry({ method: 'PUT', key: 'drop/1' });
    const slot = form({ kind: 'slots', keys: ['drop/1'] });
    const bySession: LedgerItem = { ...slot, what: { ...(slot.what as FormWhat), signedAs: 'STS.one' } };
    const others = [drop, slot, bySession, ticket('drop/1'), entry({ key: 'drop/1' })];
    expect(remedy('deny-object', upload, others)).toMatchObject({
      alsoEnds: [slot.id, others[3]?.id],
      mayEnd: [drop.id],
    });
  });

  test('denying an upload link its object may end a form that takes it too', () => {
    const upload = entry({ method: 'PUT', key: 'drop/1' });
    const slot = form({ kind: 'slots', keys: ['drop/1'] });
    expect(remedy('deny', upload, [drop, slot])).toMatchObject({ alsoEnds: [slot.id], mayEnd: [drop.id] });
  });

  test('more slots than one policy holds are not denied by one', () => {
    const keys = Array.from({ length: 1000 }, (_, at) => `drop/2026-11-30/${at}`);
    expect(remedy('deny', form({ kind: 'slots', keys }), [])).toBeUndefined();
  });

  test('what its owner ended needs no plan', () => {
    expect(revokePlan({ ...drop, state: 'revoked' }, [])).toMatchObject({ remedies: [] });
  });
});
