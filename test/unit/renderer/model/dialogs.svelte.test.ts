import { expect, test } from 'vitest';
import { Dialogs } from '../../../../renderer/model/dialogs.svelte.ts';

test('dialogs that were asked for while another is open follow it, each in its turn', () => {
  const dialogs = new Dialogs();
  dialogs.open({ name: 'settings', tab: 'general' });
  dialogs.openLate(null, { name: 'receive', given: null });
  dialogs.openLate(null, { name: 'account', account: null });
  const seen = [dialogs.current?.name];
  for (let closed = 0; closed < 3; closed += 1) {
    dialogs.close();
    seen.push(dialogs.current?.name);
  }
  expect(seen).toEqual(['settings', 'receive', 'account', undefined]);
});

test('a dialog that is asked for over the one that is still open takes its place', () => {
  const dialogs = new Dialogs();
  dialogs.open({ name: 'palette' });
  dialogs.openLate(dialogs.current, { name: 'keys' });
  expect(dialogs.current?.name).toBe('keys');
});
