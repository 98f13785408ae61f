import { randomInt } from 'node:crypto';
import words from '../../../assets/passphrase-words.json' with { type: 'json' };
import type { PassphraseUse } from './strength.ts';

/** Each of the 1,024 words adds ten bits: 2^60 guesses at a code, which can be made offline; 2^40 at the lock. */
const WORDS: Readonly<Record<PassphraseUse, number>> = { grant: 6, lock: 4 };

/** A passphrase of random words that are easily read out and typed, by the system's random numbers. */
export function suggestPassphrase(use: PassphraseUse): string {
  return Array.from({ length: WORDS[use] }, () => words[randomInt(words.length)] ?? '').join('-');
}
