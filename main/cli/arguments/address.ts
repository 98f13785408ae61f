import { UsageError } from './command.ts';
import { text as sentence } from '../terminal/sentences.ts';

/** The parts of `oss://bucket/key`. The key is taken literally; nothing in it is decoded. */
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

/** Reads an address with a key. @throws UsageError */
export function parseObjectAddress(text: string): Address {
  const address = parseAddress(text);
  if (address.key === '') throw new UsageError(sentence('cli.no-key', { text }));
  return address;
}

/** The inverse of parseAddress(). */
export function formatAddress({ bucket, key }: Address): string {
  return `oss://${bucket}/${key}`;
}

/** Reads the address of a bucket, without a key. Returns its name. @throws UsageError */
export function parseBucketAddress(text: string): string {
  const { bucket, key } = parseAddress(text);
  if (key !== '') throw new UsageError(sentence('cli.only-bucket', { text }));
  return bucket;
}
