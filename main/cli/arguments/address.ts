import { UsageError } from './command.ts';
import { text as sentence } from '../terminal/sentences.ts';

/** What `oss://bucket/key` names. The key is taken as it is written, nothing in it is decoded. */
export interface Address {
  readonly bucket: string;
  /** Empty for the bucket itself. */
  readonly key: string;
}

/** Reads `oss://bucket/key`. @throws UsageError */
export function parseAddress(text: string): Address {
  const match = /^oss:\/\/([^/]+)(?:\/(.*))?$/s.exec(text);
  if (match === null) throw new UsageError(sentence('cli.no-address', { text }));
  return { bucket: match[1] ?? '', key: match[2] ?? '' };
}

/** Reads an address that must name an object. @throws UsageError */
export function parseObjectAddress(text: string): Address {
  const address = parseAddress(text);
  if (address.key === '') throw new UsageError(sentence('cli.no-key', { text }));
  return address;
}

/** An address in the form that parseAddress() reads. */
export function formatAddress({ bucket, key }: Address): string {
  return `oss://${bucket}/${key}`;
}
