import { expect, test } from 'vitest';
import { clockText } from '../../../main/words/clock-text.ts';
import { translator } from '../../../main/words/translator.ts';
import { t } from '../../support/words.ts';

const english = translator('en');
const hour = 3_600_000;

test('a link that expires by this computer’s clock needs no word', () => {
  expect(clockText(undefined, english)).toBeNull();
});

test('a clock that is wrong is said to be ahead of the server, or behind it', () => {
  expect(clockText(-2 * hour, english)).toBe(t('share.clock-ahead', { length: '2 hr' }));
  expect(clockText(2 * hour, english)).toBe(t('share.clock-behind', { length: '2 hr' }));
});
