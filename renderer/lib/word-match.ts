/** How well a text answers a search. In this order; 0 is no answer. */
const points = { textStart: 1, wordStart: 0.8, inside: 0.4 } as const;

/** Finds where words start, in Chinese too, which puts no spaces between them. */
const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/**
 * How well `label` answers what was typed, from 0 (not at all) to 1: each word of the search must start it, start a word
 * of it, or at least stand in it. Letters scattered over a label never count: “dark” isn't in “Add bookmark”.
 * Of labels that answer equally well, a shorter one wins.
 * @param about words that help to find the label, and count less than any of its own
 */
export function matchWords(search: string, label: string, about = ''): number {
  const words = fold(search).split(/\s+/).filter(Boolean);
  const [own, other] = [fold(label), fold(about)];
  const starts = wordStarts(own);
  const scores = words.map((word) => pointsOf(word, own, starts) || (other.includes(word) ? points.inside / 2 : 0));
  if (scores.length === 0 || scores.includes(0)) return 0;
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  return mean - Math.min(own.length, 999) / 1e5;
}

/** One form for what looks alike: full-width letters, capitals. */
function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim();
}

function pointsOf(word: string, text: string, starts: ReadonlySet<number>): number {
  if (text.startsWith(word)) return points.textStart;
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    if (starts.has(at)) return points.wordStart;
  }
  return text.includes(word) ? points.inside : 0;
}

function wordStarts(text: string): ReadonlySet<number> {
  const segments = [...segmenter.segment(text)].map(({ index }) => index);
  // The segmenter takes “plan.pdf” and “price_list” for one word each.
  return new Set([...segments, ...[...text.matchAll(/[^\p{L}\p{N}](?=[\p{L}\p{N}])/gu)].map(({ index }) => index + 1)]);
}
