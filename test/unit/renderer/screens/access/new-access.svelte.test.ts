import { expect, test, vi } from 'vitest';
import type { ArgsOf } from '../../../../../main/contract/contract.ts';
import { NewAccessForm } from '../../../../../renderer/screens/access/new-access.svelte.ts';
import { answering } from '../../answering.ts';

const place = { accountId: '5a0f7d0e-6f0e-4a55-9a9e-2d3a3f1f6b11', bucket: 'nordwind', prefix: 'reports/' };
const now = Date.UTC(2026, 10, 30);
vi.useFakeTimers({ now });

function form(planned: ArgsOf<'access.plan'>[] = []): NewAccessForm {
  return new NewAccessForm(
    place,
    answering({
      'access.plan': (args) => {
        planned.push(args);
        return { text: '[]', isPublic: false };
      },
    }),
  );
}

test('a user is given reading and listing for a week, from anywhere', () => {
  const access = form();
  access.who = ' 20214760404935 ';
  expect(access.wanted()).toEqual({
    ...{ who: '20214760404935', allow: ['read', 'list'], until: now + 604_800_000 },
    ...{ addresses: [], vpc: null },
  });
});

test('everyone is given no more than reading and listing, whatever was chosen for others before', () => {
  const access = form();
  access.who = '20214760404935';
  for (const right of ['write', 'delete'] as const) access.toggle(right, true);
  access.receiver = 'everyone';
  expect(access.wanted()).toMatchObject({ who: 'everyone', allow: ['read', 'list'] });
  access.receiver = 'account';
  expect(access.wanted()).toMatchObject({ who: '20214760404935', allow: ['read', 'list', 'write', 'delete'] });
});

test('addresses are separated by blanks or commas, and go with a VPC', () => {
  const access = form();
  access.who = '1798';
  access.addresses = '203.0.113.5, 198.51.100.0/24\n2001:db8::1';
  access.vpc = ' vpc-t4nlw426 ';
  expect(access.wanted()).toMatchObject({
    addresses: ['203.0.113.5', '198.51.100.0/24', '2001:db8::1'],
    vpc: 'vpc-t4nlw426',
  });
});

test.each<[string, (access: NewAccessForm) => void]>([
  ['nobody', (access) => (access.who = ' ')],
  ['no right', (access) => (access.allow = [])],
  ['a VPC by a pattern', (access) => (access.vpc = 'vpc-*')],
  ['an address that is none', (access) => (access.addresses = 'office')],
  ['an end in the past', (access) => access.set({ expiry: { by: 'moment', local: '2020-01-01T00:00' } })],
])('%s can’t be given', async (_, change) => {
  const planned: ArgsOf<'access.plan'>[] = [];
  const access = form(planned);
  access.who = '1798';
  change(access);
  expect(access.wanted()).toBeNull();
  expect(access.isTried).toBe(true);
  await access.preview();
  expect([planned, access.plan]).toEqual([[], null]);
});

test('the statements come from main, for what stands in the form', async () => {
  const planned: ArgsOf<'access.plan'>[] = [];
  const access = form(planned);
  access.who = '1798';
  await access.preview();
  expect(planned).toMatchObject([{ ...place, wanted: { who: '1798', allow: ['read', 'list'] } }]);
  expect(access.plan).toEqual({ text: '[]', isPublic: false });
});
