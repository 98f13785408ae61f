import { expect, test } from 'vitest';
import { Passphrase } from '../../../../renderer/parts/passphrase.svelte.ts';
import { answering } from '../answering.ts';

const callMain = answering({
  'passphrases.suggest': () => 'seven wombats juggle',
  'passphrases.judge': ({ passphrase }) => (passphrase.length < 8 ? 'short' : 'strong'),
});

test('suggested words are shown, and what a person types in their place is not', async () => {
  const passphrase = new Passphrase('lock', callMain);
  await passphrase.suggest();
  expect(passphrase).toMatchObject({ text: 'seven wombats juggle', isShown: true, strength: 'strong', isEnough: true });
  passphrase.text = 'mine';
  await passphrase.judge();
  expect(passphrase).toMatchObject({ isShown: false, strength: 'short', isEnough: false });
});

test('an empty passphrase has no strength', async () => {
  const passphrase = new Passphrase('grant', callMain);
  passphrase.text = 'something long';
  await passphrase.judge();
  passphrase.text = '';
  await passphrase.judge();
  expect(passphrase).toMatchObject({ strength: null, isEnough: false, isShown: false });
});
