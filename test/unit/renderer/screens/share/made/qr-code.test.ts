import { decodeQR } from 'qr/decode.js';
import { expect, test } from 'vitest';
import { qrCode } from '../../../../../../renderer/screens/share/made/qr-code.ts';

/** What a camera would see of the SVG: its rectangles in black on white, `scale` pixels a module. */
function draw({ size, path }: { readonly size: number; readonly path: string }, scale = 4) {
  const width = size * scale;
  const data = new Uint8Array(width * width * 4).fill(255);
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row += 1) {
      for (let column = Number(x) * scale; column < (Number(x) + Number(length)) * scale; column += 1) {
        data.fill(0, (row * width + column) * 4, (row * width + column) * 4 + 3);
      }
    }
  }
  return { width, height: width, data };
}

const short = 'https://photos.oss-cn-hangzhou.aliyuncs.com/album/cat.jpg?x-oss-signature=0123456789abcdef';
/** As long as a link that a session of a role signed. */
const long = `${short}&x-oss-security-token=${'CAIS%2Bexample'.repeat(90)}#waybill=${'eyJ2IjoxfQ'.repeat(12)}`;

test.each([
  ['a short link', short],
  ['a link with a security token and a note', long],
  ['a link with a name in Chinese', `${short}&name=报告`],
])('the QR code of %s is read back by another program', (_, link) => {
  const code = qrCode(link);
  expect(code === null ? null : decodeQR(draw(code))).toBe(link);
});

test('four modules around the code stay light', () => {
  const code = qrCode(short);
  const starts = [...(code?.path ?? '').matchAll(/M(\d+) (\d+)h(\d+)/g)].map((match) => match.slice(1).map(Number));
  expect(Math.min(...starts.map(([x = 0]) => x))).toBe(4);
  expect(Math.min(...starts.map(([, y = 0]) => y))).toBe(4);
  expect(Math.max(...starts.map(([x = 0, , length = 0]) => x + length))).toBe((code?.size ?? 0) - 4);
});

test('a text that no code holds has none', () => {
  expect(qrCode('a'.repeat(3000))).toBeNull();
});
