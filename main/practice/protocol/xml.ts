import { SaxesParser } from 'saxes';
import { own } from '../../own.ts';
import { malformedXml } from './refusal.ts';

/** Content of an element: text or children. An array writes the element once per item. */
export type XmlValue =
  string | number | boolean | undefined | readonly XmlValue[] | { readonly [name: string]: XmlValue };

/** A parsed element. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** Writes an XML document with one root. Undefined children are omitted. */
export function toXml(root: string, value: XmlValue): string {
  return xmlDocument(root, value === undefined ? '' : inner(value));
}

/** Wraps written elements in a document. */
export function xmlDocument(root: string, written: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}>${written}</${root}>`;
}

/** Writes one element, or one per item of an array. */
export function xmlElement(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return concatenate(value as readonly XmlValue[], (item) => xmlElement(name, item));
  return `<${name}>${inner(value)}</${name}>`;
}

/**
 * Parses the XML of a request.
 * @throws Refusal `MalformedXML`
 */
export function parseXml(text: string): XmlElement {
  interface Open {
    name: string;
    text: string;
    children: Open[];
  }
  const document: Open = { name: '', text: '', children: [] };
  const open = [document];
  const parser = new SaxesParser();
  parser.on('error', () => {
    throw malformedXml();
  });
  parser.on('opentag', ({ name }) => {
    const child: Open = { name, text: '', children: [] };
    open.at(-1)?.children.push(child);
    open.push(child);
  });
  parser.on('closetag', () => open.pop());
  const addText = (more: string): void => {
    const last = open.at(-1);
    if (last) last.text += more;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(text).close();
  const root = document.children[0];
  if (!root) throw malformedXml();
  return root;
}

/** The text of a child, undefined if absent. */
export function childText(parent: XmlElement, name: string): string | undefined {
  return parent.children.find((child) => child.name === name)?.text;
}

function inner(value: Exclude<XmlValue, undefined>): string {
  if (typeof value === 'string') return escape(value);
  if (typeof value !== 'object') return String(value);
  return concatenate(Object.entries(value), ([name, child]) => xmlElement(name, child));
}

/** Twice as fast as map and join, which matters for listing pages of 10,000 elements. */
function concatenate<Item>(items: readonly Item[], write: (item: Item) => string): string {
  let written = '';
  for (const item of items) written += write(item);
  return written;
}

/** XML 1.0 has no control characters; clients that need them use `encoding-type=url`. */
function escape(text: string): string {
  return special.test(text) ? text.replace(/[&<>"\r]/g, (char) => own(entities, char) ?? char) : text;
}

const special = /[&<>"\r]/;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};
