import { malformedReply } from '../../failure.ts';
import { percentDecode } from '../canonical.ts';
import type { XmlElement } from './xml.ts';
import { child, textOf } from './xml.ts';

/** A length or count in XML. @throws WaybillError `oss` where there is no whole number */
export function numberOf(element: XmlElement, name: string): number {
  const text = textOf(element, name);
  if (!/^\d{1,15}$/.test(text)) throw malformedReply(200, `${element.name} without a valid ${name}`);
  return Number(text);
}

/** An instant in XML, in Unix milliseconds. @throws WaybillError `oss` where there is none */
export function timeOf(element: XmlElement, name: string): number {
  const time = Date.parse(textOf(element, name));
  if (Number.isNaN(time)) throw malformedReply(200, `${element.name} without a valid ${name}`);
  return time;
}

/** A text that must be there. @throws WaybillError `oss` where it is not */
export function requiredText(element: XmlElement, name: string): string {
  const found = child(element, name);
  if (found === null) throw malformedReply(200, `${element.name} without ${name}`);
  return found.text;
}

/** Refuses another document than the one asked for. @throws WaybillError `oss` */
export function expectRoot(root: XmlElement, name: string): void {
  if (root.name !== name) throw malformedReply(200, `${root.name} in place of ${name}`);
}

/** Reads the keys of a listing that was asked for with encoding-type=url; a server may ignore that. */
export function keyDecoder(root: XmlElement): (text: string) => string {
  if (textOf(root, 'EncodingType') !== 'url') return (text) => text;
  return (text) => {
    const key = percentDecode(text.replaceAll('+', '%20'));
    if (key === null) throw malformedReply(200, 'a key is not percent-encoded as announced');
    return key;
  };
}

/** The text of an element, decoded; null when it is absent or empty. */
export function optionalText(element: XmlElement, name: string, decode: (text: string) => string): string | null {
  const text = textOf(element, name);
  return text === '' ? null : decode(text);
}

/** The parameters that are set, with their values as text. */
export function givenParams(
  params: Readonly<Record<string, string | number | null | undefined>>,
): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(params)
      .filter(([, value]) => value !== undefined && value !== '')
      .map(([name, value]) => [name, value === null ? null : String(value)]),
  );
}
