import { expect, test } from 'vitest';
import { thumbnailProcess } from '../../../../main/links/making/thumbnail.ts';

const MB = 1024 ** 2;
const resize = 'image/resize,m_lfit,w_200';

test.each([
  ['photos/a.jpg', resize],
  ['photos/A.JPEG', resize],
  ['a.png', resize],
  ['b.webp', resize],
  // Browsers don't show what these are scaled to.
  ['IMG_1.HEIC', `${resize}/format,jpg`],
  ['scan.tiff', `${resize}/format,jpg`],
  ['logo.svg', null],
  ['a.avif', null],
  ['photos.jpg/readme', null],
  ['jpg', null],
  ['.png', resize],
])('%s has the thumbnail %s', (key, process) => {
  expect(thumbnailProcess(key, MB)).toBe(process);
});

test.each([
  [20 * MB, resize],
  [20 * MB + 1, null],
  [0, null],
  [null, null],
])('an image of %s bytes has the thumbnail %s', (sizeBytes, process) => {
  expect(thumbnailProcess('a.jpg', sizeBytes)).toBe(process);
});
