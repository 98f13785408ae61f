import { expect, test } from 'vitest';
import { Picture } from '../../../../../renderer/screens/preview/picture.svelte.ts';

function makePicture(width: number, height: number): Picture {
  const picture = new Picture();
  picture.room = { width: 800, height: 400 };
  picture.natural = { width, height };
  return picture;
}

test('a large picture fits its room, in width and in height', () => {
  expect(makePicture(1600, 400).width).toBe(800);
  expect(makePicture(1600, 1600).width).toBe(400);
  expect(makePicture(1600, 1600).scale).toBe(0.25);
});

test('a small picture keeps its size', () => {
  expect(makePicture(40, 40)).toMatchObject({ width: 40, scale: 1, overflows: false });
});

test('it grows and shrinks by steps, within limits', () => {
  const picture = makePicture(1600, 1600);
  picture.step(1);
  expect(picture.width).toBe(500);
  expect(picture.overflows).toBe(true);
  for (let step = 0; step < 40; step += 1) picture.step(1);
  expect(picture).toMatchObject({ width: 12_800, canGrow: false });
  for (let step = 0; step < 60; step += 1) picture.step(-1);
  expect(picture).toMatchObject({ width: 16, canShrink: false });
});

test('it changes between the size that fits and its own', () => {
  const picture = makePicture(1600, 1600);
  picture.toggle();
  expect(picture).toMatchObject({ width: 1600, scale: 1 });
  picture.toggle();
  expect(picture.width).toBe(400);
});

test('before it has loaded, it has no size and changes none', () => {
  const picture = new Picture();
  picture.step(1);
  expect(picture).toMatchObject({ width: 0, zoom: 'fit', overflows: false });
});
