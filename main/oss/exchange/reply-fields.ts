import { malformedReply } from '../../failure.ts';
import { percentDecode } from '../canonical.ts';
import type { XmlElement } from './xml.ts';
import { child, childrenOf, textOf } from './xml.ts';

/** A length or count. @throws WaybillError `oss` MalformedReply unless it is a whole number of at most 15 digits */
export function numberOf(element: XmlElement, name: string): number {
  const text = textOf(element, name);
  if (!/^\d{1,15}$/.test(text)) throw malformedReply(200, `${element.name} without a valid ${name}`);
  return Number(text);
}

/** A time, in Unix milliseconds. @throws WaybillError `oss` MalformedReply unless it is a date */
export function timeOf(element: XmlElement, name: string): number {
  const time = Date.parse(textOf(element, name));
  if (Number.isNaN(time)) throw malformedReply(200, `${element.name} without a valid ${name}`);
  return time;
}

/** The text of a required element, which may be empty. @throws WaybillError `oss` MalformedReply if it is missing */
export function requiredText(element: XmlElement, name: string): string {
  const found = child(element, name);
  if (found === null) throw malformedReply(200, `${element.name} without ${name}`);
  return found.text;
}

/**
 * Where a truncated list continues.
 * @throws WaybillError `oss` MalformedReply if that is missing or empty: the next request would start all over
 */
export function continuationOf(root: XmlElement, name: string): string {
  const text = requiredText(root, name);
  if (text === '') throw malformedReply(200, `a truncated ${root.name} with an empty ${name}`);
  return text;
}

/**
 * Checks that a list goes on behind the marker that was asked with: a server that doesn't advance is asked for ever.
 * Markers are keys in byte order, names or numbers; at the same key the second marker (version or upload ID) differs.
 * @throws WaybillError `oss` MalformedReply
 */
export function checkAdvance(root: XmlElement, asked: readonly ListMarker[], next: readonly ListMarker[]): void {
  const [from = null, fromSecond = null] = asked;
  const [to = null, toSecond = null] = next;
  if (from === null || to === null || compareMarkers(from, to) < 0) return;
  if (from === to && toSecond !== null && toSecond !== fromSecond) return;
  throw malformedReply(200, `a truncated ${root.name} that doesn't advance`);
}

function compareMarkers(a: string | number, b: string | number): number {
  if (typeof a === 'number') return a - Number(b);
  return Buffer.compare(Buffer.from(a), Buffer.from(String(b)));
}

type ListMarker = string | number | null | undefined;

/** The children with this name. @throws WaybillError `oss` MalformedReply for more than `most` */
export function childrenUpTo(element: XmlElement, name: string, most: number): readonly XmlElement[] {
  const found = childrenOf(element, name);
  if (found.length > most) throw malformedReply(200, `more than ${most} of ${name} in ${element.name}`);
  return found;
}

/** Checks the name of the root element. @throws WaybillError `oss` MalformedReply for another document */
export function expectRoot(root: XmlElement, name: string): void {
  if (root.name !== name) throw malformedReply(200, `${root.name} instead of ${name}`);
}

/**
 * The decoder for the keys of a listing requested with encoding-type=url. XML can't hold most control characters, keys
 * can. Decodes only if the reply says that it is encoded, because a compatible server may ignore the parameter.
 */
export function keyDecoder(root: XmlElement): (text: string) => string {
  if (textOf(root, 'EncodingType') !== 'url') return (text) => text;
  return (text) => {
    const key = percentDecode(text.replaceAll('+', '%20'));
    if (key === null) throw malformedReply(200, 'a key is not percent-encoded as announced');
    return key;
  };
}

/** The decoded text of an optional element; null if it is missing or empty. */
export function optionalText(element: XmlElement, name: string, decode: (text: string) => string): string | null {
  const text = textOf(element, name);
  return text === '' ? null : decode(text);
}

/** Drops undefined and empty parameters, and turns numbers into text. Null stays: a parameter without a value. */
export function givenParams(
  params: Readonly<Record<string, string | number | null | undefined>>,
): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(params)
      .filter(([, value]) => value !== undefined && value !== '')
      .map(([name, value]) => [name, value === null ? null : String(value)]),
  );
}
