/*
 * A share page is HTML with a share manifest in a data block: a script element that a browser doesn't run. What Waybill
 * reads there must be what the page itself reads in a browser, whoever wrote the file. So the block is taken only where
 * every parser finds it: first in the head, behind tags that have no content. Text in a comment, in an attribute or in
 * another element is none.
 */

/** The block stands within this many characters. */
export const MAX_PAGE_START = 16_384;

/** The attributes of a tag, as every parser reads them: a quoted value ends at its quote, and no value holds `<` or `>`. */
const attributes = /(?:[^<>"'`]|"[^<>"]*"|'[^<>']*')*/.source;

/** A browser that saves a page writes its address into a comment. */
const savedFrom = /(?:<!-- saved from url=\(\d+\)[^<>]*-->[\t\n\f\r ]*)?/.source;

const blank = '[\\t\\n\\f\\r ]';

const start = new RegExp(
  `^\\ufeff?${blank}*<!doctype html>${blank}*${savedFrom}<html(?:${blank}${attributes})?>${blank}*<head>${blank}*` +
    `(?:<meta${blank}${attributes}>${blank}*)*<script type="application/json" id="data">`,
  'i',
);

/**
 * The text of the data block of a share page; null for any other text. Cut off where the block itself isn't closed as it
 * should be: that is no JSON then.
 */
export function dataOfPage(text: string): string | null {
  const [opening] = start.exec(text.slice(0, MAX_PAGE_START)) ?? [];
  if (opening === undefined) return null;
  // The page writes `<` as \u003c: another one could make a browser end the block elsewhere.
  const end = text.indexOf('<', opening.length);
  const isClosed = /^<\/script>/i.test(text.slice(end, end + 10));
  return end === -1 ? text.slice(opening.length) : text.slice(opening.length, isClosed ? end : end + 1);
}
