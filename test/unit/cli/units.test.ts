import { expect, test } from 'vitest';
import { readLifetime } from '../../../main/cli/arguments/link-options.ts';
import { readBytes, readSeconds } from '../../../main/cli/arguments/options.ts';
import { readRate } from '../../../main/cli/arguments/transfer-options.ts';
import { t } from '../../support/words.ts';

test.each([
  ['900', 900],
  ['0', 0],
  ['90s', 90],
  ['15m', 900],
  ['12h', 43_200],
  ['7d', 604_800],
  ['7D', 604_800],
  ['2w', 1_209_600],
  ['1h30m', 5400],
  ['1d12h', 129_600],
  ['1w2d3h4m5s', 788_645],
])('the time %s is %i seconds', (text, seconds) => {
  expect(readSeconds(text, '--expires')).toBe(seconds);
  expect(readLifetime({ expires: text })).toEqual({ expiresSeconds: seconds });
});

const noTimes = ['', 'd', 'h30m', '-1', '1.5h', '7 d', '30m1h', '1h1h', '1y', '1h30', '999999999999999d', '١'];

test.each(noTimes)('%j is no time', (text) => {
  expect(() => readSeconds(text, '--expires')).toThrow(t('cli.seconds', { option: '--expires' }));
});

test('without --expires it is an hour', () => {
  expect(readLifetime({})).toEqual({ expiresSeconds: 3600 });
});

test.each([
  ['0', 0],
  ['500', 500],
  ['2K', 2048],
  ['1.5m', 1_572_864],
  ['5G', 5 * 1024 ** 3],
])('the size %s is %i bytes', (text, bytes) => {
  expect(readBytes(text, '--max-size')).toBe(bytes);
});

test.each(['', 'K', '1T', '1KB', '-1', '1 K', '1e3', 'constructor'])('%j is no size', (text) => {
  expect(() => readBytes(text, '--max-size')).toThrow(t('cli.bytes', { option: '--max-size' }));
  expect(() => readRate(text)).toThrow(t('cli.limit'));
});
