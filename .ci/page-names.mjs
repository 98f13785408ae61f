// Short names for the own properties of the handed-out pages, which a minifier leaves. They are replaced throughout a
// script, so that none of them may mean anything outside it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Names of the programs' own properties. */
export const ownNames =
  'mayHaveArrived hasAnswered showsCrc64 noteProgress noteReply knowsTime retryAt ossRequestId sentBytes isResent onProgress canRead onWait crc64Of makeStart againAll cancelAll onCancelAll onAgainAll onStart onCopy onSave onUnblock onWake onAgain onCancel onRemove onChange isNamed msFor isLate onClick showChoice removeLinks showState isChosen showFiles isKnown showChosen showResult onState showWork chooseShown onDate offerCheck mayFollow isBefore showLeft onChoose onBytes showEnd sortBy'.split(
    ' ',
  );

/** What these names must not stand in: declarations of what browsers have, then what defines a page's data and its texts. */
const elsewhere = [
  ...readdirSync(join(root, 'node_modules/typescript/lib'))
    .filter((name) => /^lib\..*\.d\.ts$/.test(name))
    .map((name) => `node_modules/typescript/lib/${name}`),
  ...['main/links/pages', 'main/links/forms'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
  ),
  'main/links/tickets/ticket.ts',
  'main/links/tickets/ticket-urls.ts',
  'renderer/pages/share/share-data.ts',
  // What a browser keeps must be found again by the page of another version.
  'renderer/pages/drop/parts/resume-notes.ts',
  'renderer/pages/page.html',
  'assets/locales/en.json',
  'assets/locales/zh-CN.json',
];

/**
 * Throws if a name is also one of the DOM, of a page's data, of what a browser keeps, or in a text.
 * @param {readonly string[]} names
 */
export function checkOwnNames(names) {
  const anyOfThem = new RegExp(`\\b(?:${names.join('|')})\\b`);
  for (const path of elsewhere) {
    const found = anyOfThem.exec(readFileSync(join(root, path), 'utf8'));
    if (found !== null) throw new Error(`${found[0]} can't have a short name: it stands in ${path}`);
  }
}

/** A short name for each number: letters and digits, the first a letter. */
export const shortName = (/** @type {number} */ number) =>
  String.fromCodePoint(97 + (number % 26)) + (number < 26 ? '' : Math.floor(number / 26 - 1).toString(36));

/**
 * The script with short names of own properties. Throws if it has one of them already.
 * @param {string} script
 */
export function withShortOwnNames(script) {
  return ownNames.reduce((text, name, number) => {
    const short = `${shortName(number)}_`;
    if (new RegExp(`\\b${short}\\b`).test(script)) throw new Error(`The script has ${short} already`);
    return text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), short);
  }, script);
}
