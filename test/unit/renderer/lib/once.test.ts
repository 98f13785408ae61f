import { expect, test } from 'vitest';
import { Once } from '../../../../renderer/lib/once.ts';

test('a value is there once, and nowhere to be read before or after', () => {
  const once = new Once('https://photos.example/cat.jpg?a-signed-query');
  expect(JSON.stringify(once)).toBe('{}');
  expect(once.take()).toContain('a-signed-query');
  expect(once.take()).toBeNull();
});
