import { describe, expect, test } from 'vitest';
import { formatUploadRequest } from '../../../../main/links/making/upload-request-text.ts';
import type { UploadRequest } from '../../../../main/links/making/upload-request.ts';
import { MAX_SLOTS, slotNames, type UploadSlots } from '../../../../main/links/making/upload-slots.ts';

describe('the slots of an upload request', () => {
  test('are numbered so that they sort', () => {
    expect(slotNames({ count: 10 }, '').slice(-2)).toEqual(['09', '10']);
    expect(slotNames({ count: MAX_SLOTS }, 'in/')).toHaveLength(MAX_SLOTS);
  });

  test('have names of any script, with folders', () => {
    const names = ['photos/front.jpg', '运单 1.pdf', '..hidden', 'a..b', '...'];
    expect(slotNames({ names }, 'in/')).toEqual(names);
  });

  const names = (...list: string[]): UploadSlots => ({ names: list });
  test.each([
    ['none', names(), 'slot-count', '1…10000'],
    ['too many names', names(...Array.from({ length: MAX_SLOTS + 1 }, String)), 'slot-count', '1…10000'],
    ['0', { count: 0 }, 'slot-count', '1…10000'],
    ['one too many', { count: MAX_SLOTS + 1 }, 'slot-count', '1…10000'],
    ['half a file', { count: 1.5 }, 'slot-count', '1…10000'],
    ['an empty name', names('a', ''), 'slot-name-empty', undefined],
    ['a name twice', names('a', 'b', 'a'), 'slot-name-twice', 'a'],
    ['a way up', names('a/../b'), 'slot-name-path', 'a/../b'],
    ['a way up of Windows', names('..\\b'), 'slot-name-path', '..\\b'],
    ['the root', names('/etc'), 'slot-name-path', '/etc'],
    ['a folder', names('photos/'), 'slot-name-path', 'photos/'],
    ['two slashes', names('a//b'), 'slot-name-path', 'a//b'],
    ['a line break', names('a\nrm -rf'), 'slot-name-control', 'a\ufffdrm -rf'],
    ['a key of 1,024 bytes', names('x'.repeat(1021)), 'slot-name-key', 'x'.repeat(80)],
    ['half a character', names('\ud800'), 'slot-name-key', '\ud800'],
  ] as const)('are refused: %s', (_, slots, rule, limit) => {
    const failure = { kind: 'input', field: 'slots', rule, ...(limit === undefined ? {} : { limit }) };
    expect(() => slotNames(slots, 'in/')).toThrow(expect.objectContaining({ failure }));
  });
});

test('a note stays a comment among the lines of curl', () => {
  const slot = { name: 'a', key: 'a', method: 'PUT', headers: {}, url: 'https://b.example/a?x=1#waybill=e30' } as const;
  const request: UploadRequest = {
    ...{ waybill: 'upload-request', version: 1, bucket: 'bucket', slots: [slot] },
    ...{ madeAt: '2026-11-24T10:00:00.000Z', validUntil: '2026-11-24T11:00:00.000Z' },
    note: 'Thanks\nrm -rf /\r\u0085echo',
  };
  const lines = formatUploadRequest('curl', request).trimEnd().split('\n');
  expect(lines.slice(0, 4)).toEqual([
    '# Thanks',
    '# rm -rf /',
    '# echo',
    expect.stringMatching(/^# Valid until 2026-11-24T11:00:00\.000Z\./),
  ]);
  expect(lines.slice(4)).toEqual(["curl -g --path-as-is --fail-with-body -T './a' 'https://b.example/a?x=1'"]);
});
