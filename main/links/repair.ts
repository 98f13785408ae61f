import type { ReceivedLink } from './link-card.ts';

type Repair = ReceivedLink['repaired'][number];

/** A pasted text with the traces of mail and chat programs taken out. */
export interface Mended {
  readonly url: string;
  readonly repaired: readonly Repair[];
}

const steps: readonly (readonly [Repair, (text: string) => string])[] = [
  ['line-breaks', (text) => text.replace(/\s*[\r\n]+\s*/g, '')],
  ['brackets', (text) => unwrap(text, /^[<([{（【《「](.*)[>)\]}）】》」]$/s)],
  ['quotes', (text) => unwrap(text, /^(?:["'`“”‘’])(.*)(?:["'`“”‘’])$/s)],
  ['entities', (text) => text.replace(/&amp;/gi, '&')],
  ['punctuation', (text) => text.replace(/[.,;:!?。，；：！？、]+$/u, '')],
  [
    'plus',
    (text) =>
      text.replace(
        /([?&]Signature=)([^&#]*)/,
        (_, name: string, value: string) => name + value.replace(/[ +]/g, '%2B'),
      ),
  ],
];

/** Mends what can be mended without guessing at the signature. */
export function repair(text: string): Mended {
  let url = text.trim();
  const repaired: Repair[] = [];
  for (const [name, step] of steps) {
    const next = step(url);
    if (next !== url) repaired.push(name);
    url = next.trim();
  }
  return { url, repaired };
}

function unwrap(text: string, pattern: RegExp): string {
  return pattern.exec(text)?.[1] ?? text;
}
