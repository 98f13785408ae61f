import words from '../../../assets/passphrase-words.json' with { type: 'json' };
import { WaybillError } from '../../failure.ts';
import { own } from '../../own.ts';

/** What a passphrase protects: an access code, which its receiver can attack offline, or the window. */
export type PassphraseUse = 'grant' | 'lock';

/** How hard a passphrase is to guess; `short` and `weak` are refused. */
export type PassphraseStrength = 'short' | 'weak' | 'fair' | 'strong';

/** The least length of a passphrase, in characters. */
export const MIN_PASSPHRASE_CHARACTERS = 8;

/**
 * The fewest guesses, as log2. A code is worth something for as long as its credentials are valid, twelve hours at most;
 * 2^40 guesses of scrypt at 2^17 take a hundred thousand processors more than a month. The lock lets one guess a minute
 * through.
 */
const LEAST_BITS: Readonly<Record<PassphraseUse, number>> = { grant: 40, lock: 28 };

/** This far above the least, a passphrase is strong. */
const AMPLE_BITS = 12;

/** Longer ones are judged by their beginning. */
const MAX_JUDGED = 64;

/** What people choose before anything else, in the order of the lists of leaked passwords. Digits for letters are undone. */
const common =
  `password passphrase qwerty letmein welcome admin administrator login master secret dragon monkey football baseball
  iloveyou sunshine princess shadow superman batman trustno michael jordan hunter killer soccer hockey ranger jennifer
  thomas robert daniel charlie andrew jessica ashley matthew joshua george computer internet service server access system
  default changeme guest root test user love hello abc qazwsx zaq mustang starwars pokemon freedom whatever nothing google
  apple samsung aliyun alibaba waybill oss cloud bucket woaini woaiwojia nihao mima ceshi zhongguo beijing shanghai correct
  horse battery staple the and you my for is this that with temp pass pwd key lock open sesame please summer winter spring
  autumn january february march april june july august monday friday sunday company office quick brown fox jumps пароль привет`.split(
    /\s+/,
  );

const ranks = new Map([...words, ...common].map((word) => [word, 10]));
common.forEach((word, rank) => ranks.set(word, Math.min(7, 2 + Math.log2(rank + 1))));
/** Longest piece that is looked at as a whole, in characters. */
const LONGEST_PIECE = 32;
/** Longest word that is looked for where no list has it, in letters. */
const LONGEST_WORD = 10;
/** More consonants than words have one after another. */
const consonants = /[b-df-hj-np-tv-xz]{5}/i;
/** Years, and days of them in three orders. */
const dates = [
  { form: /^(19|20)\d\d$/, bits: 7 },
  { form: /^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/, bits: 15 },
  { form: /^(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])(19|20)\d\d$/, bits: 15 },
  { form: /^(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(19|20)\d\d$/, bits: 15 },
];
/** Keys beside each other, in rows, with the shift key, in the rows of a Russian keyboard, and in columns; the alphabet. */
const rows = [
  ...['qwertyuiop', 'asdfghjkl', 'zxcvbnm', '1234567890', 'abcdefghijklmnopqrstuvwxyz', '!@#$%^&*()_+'],
  ...['йцукенгшщзхъ', 'фывапролджэ', 'ячсмитьбю'],
  ...['1qaz', '2wsx', '3edc', '4rfv', '5tgb', '6yhn', '7ujm', '!qaz', '@wsx', '#edc', '$rfv', '%tgb', '^yhn', '&ujm'],
].flatMap((row) => [row, row.split('').reverse().join('')]);
const letters: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

const substitutes = /[013457@$!]/g;

/** Judges a passphrase. */
export function strengthOf(passphrase: string, use: PassphraseUse): PassphraseStrength {
  const characters = Array.from(passphrase.normalize('NFKC'));
  if (characters.length < MIN_PASSPHRASE_CHARACTERS) return 'short';
  const bits = bitsOf(characters.slice(0, MAX_JUDGED));
  if (bits < LEAST_BITS[use]) return 'weak';
  return bits < LEAST_BITS[use] + AMPLE_BITS ? 'fair' : 'strong';
}

/** @throws WaybillError `input` for a passphrase that is short or easily guessed */
export function checkPassphrase(passphrase: string, use: PassphraseUse): void {
  const strength = strengthOf(passphrase, use);
  if (strength === 'short') {
    const limit = String(MIN_PASSPHRASE_CHARACTERS);
    throw new WaybillError({ kind: 'input', field: 'passphrase', rule: 'passphrase-too-short', limit });
  }
  if (strength === 'weak') throw new WaybillError({ kind: 'input', field: 'passphrase', rule: 'passphrase-too-weak' });
}

/** The log2 of the guesses that the cheapest way to build the text takes, out of words, rows of keys, repeats and characters. */
function bitsOf(characters: readonly string[]): number {
  const least = [0];
  for (let end = 1; end <= characters.length; end += 1) {
    let bits = (least[end - 1] ?? 0) + bitsOfLast(characters.slice(Math.max(0, end - 3), end));
    for (let start = Math.max(0, end - LONGEST_PIECE); start < end - 2; start += 1) {
      bits = Math.min(bits, (least[start] ?? 0) + bitsOfPiece(characters.slice(start, end)));
    }
    least.push(bits);
  }
  return least.at(-1) ?? 0;
}

/** The bits of a piece of three characters or more as a whole; Infinity if it is nothing that anybody tries. */
function bitsOfPiece(characters: readonly string[]): number {
  const piece = characters.join('');
  const lower = piece.toLowerCase();
  const rank = ranks.get(lower) ?? (ranks.get(inLetters(lower)) ?? Infinity) + 1;
  const word = Math.min(rank, bitsOfUnlistedWord(piece)) + (lower === piece ? 0 : 1);
  const inRow = rows.some((row) => row.includes(lower)) ? 3 + Math.log2(piece.length) : Infinity;
  const date = dates.find(({ form }) => form.test(piece))?.bits ?? Infinity;
  return Math.min(word, inRow, date, bitsOfRepeat(characters));
}

/**
 * Letters that may be a word of any language or a name: its vocabulary has a hundred thousand or so. Digits for some of
 * them (`Tr0ub4dor`) cost a guesser little more.
 */
function bitsOfUnlistedWord(piece: string): number {
  const word = inLetters(piece);
  if (piece.length > LONGEST_WORD || !/^\p{L}\p{Ll}+$/u.test(word) || consonants.test(word)) return Infinity;
  const replaced = piece.match(substitutes)?.length ?? 0;
  if (replaced > 0 && !isSpoken(word, replaced)) return Infinity;
  return 12 + piece.length + 2 * replaced;
}

/** Whether letters with digits among them are more than chance: what a generator made must not pass for a word. */
function isSpoken(word: string, replaced: number): boolean {
  return word.length >= 7 && replaced * 3 <= word.length && !/[^aeiouy]{3}|[aeiou]{3}/i.test(word);
}

/** Text with letters for the digits and signs that stand for them. */
function inLetters(text: string): string {
  return text.replace(substitutes, (sign) => own(letters, sign) ?? sign);
}

/** A character or block that is repeated to fill the piece. */
function bitsOfRepeat(characters: readonly string[]): number {
  const count = characters.length;
  for (let length = 1; length <= count / 2; length += 1) {
    if (count % length !== 0) continue;
    const block = characters.slice(0, length);
    if (characters.every((character, index) => character === block[index % length]))
      return bitsOf(block) + Math.log2(count / length);
  }
  return Infinity;
}

/**
 * The bits of the last character behind those before it. Where the kind changes with each character, or no vowel comes,
 * nobody chose words; letters and digits beside their own kind count little, and so does what separates words.
 */
function bitsOfLast(characters: readonly string[]): number {
  const [character = '', before = ''] = characters.toReversed();
  if (character === before || /[\s_.-]/.test(character)) return 1;
  // Most sentences are known; a character of one says little more than a syllable.
  if (/\p{Lo}/u.test(character)) return 3.8;
  if (!/[\p{Ll}\p{Lu}\d]/u.test(character)) return 5.5;
  if (isChange(before, character)) return 5;
  if (/\p{Lu}/u.test(character) || /^[b-df-hj-np-tv-xz]{3}$/.test(characters.join(''))) return 4.5;
  return 3.3;
}

/** Whether another kind of character begins, other than the small letters of a capitalised word. */
function isChange(before: string, character: string): boolean {
  const [from, to] = [kindOf(before), kindOf(character)];
  return before !== '' && from !== to && !(from === 'upper' && to === 'lower');
}

function kindOf(character: string): 'lower' | 'upper' | 'digit' | 'other' {
  if (/\p{Ll}/u.test(character)) return 'lower';
  if (/\p{Lu}/u.test(character)) return 'upper';
  return /\d/.test(character) ? 'digit' : 'other';
}
