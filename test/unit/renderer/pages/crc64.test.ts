// The pages' CRC-64 against main's: two programs that share nothing but the WebAssembly module.
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { crc64Combine, makeCrc64 as makeMainCrc64 } from '../../../../main/crc64/crc64.ts';
import { crc64Code } from '../../../../main/crc64/crc64-code.ts';
import { combineCrc64 } from '../../../../renderer/pages/shared/crc64/combine.ts';
import { type Crc64, makeCrc64, withTables } from '../../../../renderer/pages/shared/crc64/crc64.ts';

vi.stubGlobal('crc64Module', Buffer.from(crc64Code(false)).toString('base64'));

function digestOf(
  crc64: Pick<Crc64, 'digest'>,
  add: (bytes: Uint8Array) => void,
  pieces: readonly Uint8Array[],
): string {
  for (const piece of pieces) add(piece);
  return crc64.digest();
}

const ours = (pieces: readonly Uint8Array[], made = makeCrc64()) => digestOf(made, (bytes) => made.add(bytes), pieces);
const mains = (pieces: readonly Uint8Array[], made = makeMainCrc64()) =>
  digestOf(made, (bytes) => made.update(bytes), pieces);

describe.each([
  ['WebAssembly', makeCrc64],
  ['tables', withTables],
] as const)('CRC-64 by %s', (_, make) => {
  test('is 995dc9bbdf1939fa for "123456789", the check value of CRC-64/XZ', () => {
    expect(BigInt(ours([Buffer.from('123456789')], make())).toString(16)).toBe('995dc9bbdf1939fa');
  });

  test('is that of OSS for 3,000,000 bytes of 7', () => {
    expect(ours([new Uint8Array(3_000_000).fill(7)], make())).toBe('17092948768042873475');
  });

  test('equals main’s for any pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 3000 })), (pieces) => {
        expect(ours(pieces, make())).toBe(mains(pieces));
      }),
    );
  });
});

test('WebAssembly is used where it is allowed', () => {
  const started = vi.spyOn(WebAssembly, 'Instance');
  ours([]);
  const times = started.mock.calls.length;
  started.mockRestore();
  expect(times).toBe(1);
});

test('a page without WebAssembly still computes CRC-64', () => {
  vi.stubGlobal('WebAssembly', undefined);
  try {
    expect(ours([Buffer.from('hello')])).toBe('11177612005948864433');
  } finally {
    vi.unstubAllGlobals();
  }
});

test('CRC-64s of parts combine into that of the whole, as in main', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (first, second) => {
      const whole = combineCrc64(mains([first]), mains([second]), second.length);
      expect(whole).toBe(mains([first, second]));
      expect(whole).toBe(crc64Combine(mains([first]), mains([second]), second.length));
    }),
  );
});
