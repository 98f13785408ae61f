import { own } from '../../own.ts';

/** An element. `text` is its own text without its children's: entities resolved, whitespace untouched. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
  /** The element has attributes besides a namespace; their values aren't read. */
  readonly hasAttributes?: true;
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';
/**
 * Text that needs the full parser: carriage returns, which it normalises, invalid characters and `]]>`, which it
 * refuses.
 */
// oxlint-disable-next-line no-control-regex -- Matches control characters on purpose.
const NOT_PLAIN = /[\0-\x08\x0b-\x1f\ud800-\udfff\ufeff\ufffe\uffff]|\]\]>/;
const BLANK = /^[\t\n ]*$/;
const NAME = /^[A-Za-z][A-Za-z0-9]*$/;
const ROOT = /^([A-Za-z][A-Za-z0-9]*)(?: xmlns="[^"<&]*")?$/;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** Deeper nesting is left to the full parser; OSS uses six levels. */
const PLAIN_DEPTH = 16;
const SLASH = 0x2f;
const GREATER = 0x3e;

/** Thrown for anything that needs the full parser. */
class NotPlain extends Error {}

/**
 * Reads the subset of XML that OSS writes: elements without attributes, text and the five predefined entities. This is
 * several times faster than a full parser, which matters when a million keys are listed.
 * @returns the root element; null for anything else, including malformed XML, which the full parser then reports
 */
export function readPlainXml(document: string): XmlElement | null {
  if (NOT_PLAIN.test(document)) return null;
  try {
    return new PlainReader(document).root();
  } catch (error) {
    if (error instanceof NotPlain) return null;
    throw error;
  }
}

/** Shared by all elements without children. */
const noChildren: readonly XmlElement[] = [];

class PlainReader {
  readonly #document: string;
  #at = 0;

  constructor(document: string) {
    this.#document = document;
  }

  root(): XmlElement {
    if (this.#document.startsWith(DECLARATION)) this.#at = DECLARATION.length;
    if (!BLANK.test(this.#text())) throw new NotPlain();
    const name = ROOT.exec(this.#tag())?.[1];
    if (name === undefined) throw new NotPlain();
    const root = this.#element(name, noChildren, 1);
    if (!BLANK.test(this.#document.slice(this.#at))) throw new NotPlain();
    return root;
  }

  /**
   * Reads an element after its opening tag. Rows of a listing look alike, so the children of the previous sibling
   * predict the names of this one's: comparing with an expected name is faster than matching a pattern, and shares the
   * string.
   */
  #element(name: string, expected: readonly XmlElement[], depth: number): XmlElement {
    let text = this.#text();
    let children: XmlElement[] | null = null;
    let last: XmlElement | undefined;
    while (this.#document.charCodeAt(this.#at + 1) !== SLASH) {
      if (depth === PLAIN_DEPTH) throw new NotPlain();
      const predicted = expected[children?.length ?? 0] ?? last;
      const child = this.#name(predicted);
      last = this.#element(child, predicted?.name === child ? predicted.children : noChildren, depth + 1);
      if (children === null) children = [last];
      else children.push(last);
      text += this.#text();
    }
    this.#at += 2;
    if (!this.#skip(name)) throw new NotPlain();
    return { name, text, children: children ?? noChildren };
  }

  /** The text up to the next tag. */
  #text(): string {
    const end = this.#document.indexOf('<', this.#at);
    if (end === -1) throw new NotPlain();
    if (end === this.#at) return '';
    const text = this.#document.slice(this.#at, end);
    this.#at = end;
    return text.includes('&') ? resolveEntities(text) : text;
  }

  #tag(): string {
    const end = this.#document.indexOf('>', this.#at);
    if (end === -1) throw new NotPlain();
    const tag = this.#document.slice(this.#at + 1, end);
    this.#at = end + 1;
    return tag;
  }

  #name(predicted: XmlElement | undefined): string {
    if (predicted !== undefined) {
      this.#at += 1;
      if (this.#skip(predicted.name)) return predicted.name;
      this.#at -= 1;
    }
    const name = this.#tag();
    if (!NAME.test(name)) throw new NotPlain();
    return name;
  }

  /** Skips the name and a `>` if they come next; returns whether they did. */
  #skip(name: string): boolean {
    const end = this.#at + name.length;
    if (this.#document.charCodeAt(end) !== GREATER || !this.#document.startsWith(name, this.#at)) return false;
    this.#at = end + 1;
    return true;
  }
}

function resolveEntities(text: string): string {
  const [first = '', ...rest] = text.split('&');
  let plain = first;
  for (const part of rest) {
    const end = part.indexOf(';');
    const character = end === -1 ? undefined : own(ENTITIES, part.slice(0, end));
    if (character === undefined) throw new NotPlain();
    plain += character + part.slice(end + 1);
  }
  return plain;
}
