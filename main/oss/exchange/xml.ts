import { SaxesParser } from 'saxes';
import { MAX_XML_DEPTH } from '../limits.ts';
import { readPlainXml, type XmlElement } from './plain-xml.ts';

export type { XmlElement } from './plain-xml.ts';

interface OpenElement extends XmlElement {
  text: string;
  readonly children: OpenElement[];
}

/** Thrown for anything but one complete XML document: a truncated listing must not pass for a shorter one. */
class XmlError extends Error {
  override readonly name = 'XmlError';
}

/** The root element of a document. @throws XmlError for malformed XML, or more than 64 levels of nesting */
export function parseXml(document: string): XmlElement {
  return readPlainXml(document) ?? parseAnyXml(document);
}

/** Like parseXml(), always with the full parser: slower, but it reports what is malformed. @throws XmlError */
export function parseAnyXml(document: string): XmlElement {
  const parser = new SaxesParser();
  const open: OpenElement[] = [];
  const roots: OpenElement[] = [];
  parser.on('error', (error) => {
    throw new XmlError(error.message);
  });
  // OSS never sends a document type, and entities defined in one can expand a few bytes to gigabytes.
  parser.on('doctype', () => {
    throw new XmlError('a document type is not allowed');
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length >= MAX_XML_DEPTH) throw new XmlError('nested too deep');
    const hasAttributes = Object.keys(attributes).some((attribute) => !/^xmlns(?:$|:)/.test(attribute));
    const element: OpenElement = { name, text: '', children: [], ...(hasAttributes ? { hasAttributes } : {}) };
    (open.at(-1)?.children ?? roots).push(element);
    open.push(element);
  });
  const append = (text: string): void => {
    const element = open.at(-1);
    if (element !== undefined) element.text += text;
  };
  parser.on('text', append);
  parser.on('cdata', append);
  parser.on('closetag', () => void open.pop());
  parser.write(document).close();
  const [root] = roots;
  if (root === undefined) throw new XmlError('no root element');
  return root;
}

/** The first child with this name, or null. */
export function child(element: XmlElement, name: string): XmlElement | null {
  return element.children.find((candidate) => candidate.name === name) ?? null;
}

/** All children with this name. */
export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((candidate) => candidate.name === name);
}

/** The text of the first child with this name; empty without one. */
export function textOf(element: XmlElement, name: string): string {
  return child(element, name)?.text ?? '';
}

/** The content of an element to write: its text, or its children in order. */
export type XmlContent = string | readonly (readonly [name: string, content: XmlContent])[];

/** Serialises a document. @throws XmlError for characters that XML can't hold (see isXmlText) */
export function writeXml(root: string, content: XmlContent): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${writeElement(root, content)}`;
}

/** An element indented for reading, without a declaration. @throws XmlError for characters that XML can't hold */
export function indentedXml(name: string, content: XmlContent, indent = ''): string {
  if (typeof content === 'string' || content.length === 0) return `${indent}${writeElement(name, content)}`;
  const inner = content.map((entry) => indentedXml(entry[0], entry[1], `${indent}  `));
  return [`${indent}<${name}>`, ...inner, `${indent}</${name}>`].join('\n');
}

/** Whether XML 1.0 can hold the text. Most control characters and lone surrogates can't appear, not even escaped. */
export function isXmlText(text: string): boolean {
  return /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u.test(text);
}

function writeElement(name: string, content: XmlContent): string {
  const inner =
    typeof content === 'string'
      ? escapeText(content)
      : content.map((entry) => writeElement(entry[0], entry[1])).join('');
  return `<${name}>${inner}</${name}>`;
}

function escapeText(text: string): string {
  if (!isXmlText(text)) throw new XmlError('a character that XML cannot hold');
  // Parsers turn a bare carriage return into a line feed, so it is escaped.
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;');
}
