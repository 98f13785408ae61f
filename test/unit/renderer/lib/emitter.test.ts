import { expect, test } from 'vitest';
import { Emitter } from '../../../../renderer/lib/emitter.ts';

test('an event reaches all that listen, until they stop', () => {
  const heard: string[] = [];
  const emitter = new Emitter<string>();
  const stop = emitter.on((event) => heard.push(`one ${event}`));
  emitter.on((event) => heard.push(`two ${event}`));
  emitter.emit('a');
  stop();
  emitter.emit('a');
  expect(heard).toEqual(['one a', 'two a', 'two a']);
});
