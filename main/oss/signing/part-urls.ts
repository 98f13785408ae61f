import { hash } from 'node:crypto';
import { signUrl, type UncheckedUrlOptions } from './signed-url.ts';
import { signTextV4 } from './sign-v4.ts';

/** Input of signPartUrls(): what signs, and the multipart upload. */
export type PartUrlOptions = Omit<UncheckedUrlOptions, 'method' | 'bucket' | 'key' | 'params' | 'headers'> & {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
  /** Parts 1 to this number are signed. */
  readonly parts: number;
};

/** URLs for UploadPart that differ only in part number and signature. */
export interface SignedParts {
  /** With `{n}` for the number of the part, and `{signature}` for its signature in hex. */
  readonly template: string;
  /** 32 bytes for each part, one after another. */
  readonly signatures: Buffer;
}

/** Percent-encoded everywhere else in a URL, so that it occurs once. */
const PLACE = 'partNumber=%7Bn%7D';

/**
 * Signs the URLs of all parts of an upload in V4. The canonical request of a part differs from the next one's in its
 * number alone, so each takes two hashes and no more.
 */
export function signPartUrls({ parts, uploadId, ...options }: PartUrlOptions): SignedParts {
  const params = [['partNumber', '{n}'] as const, ['uploadId', uploadId] as const];
  const { url, signature, canonicalRequest = '', stringToSign } = signUrl({ ...options, method: 'PUT', params });
  const [before = '', after = ''] = canonicalRequest.split(PLACE);
  const scope = stringToSign.slice(0, stringToSign.lastIndexOf('\n') + 1);
  const signatures = Buffer.alloc(parts * 32);
  for (let n = 1; n <= parts; n += 1) {
    const digest = hash('sha256', `${before}partNumber=${String(n)}${after}`, 'hex');
    signatures.write(signTextV4(scope + digest, options), (n - 1) * 32, 'hex');
  }
  return { template: url.replace(PLACE, 'partNumber={n}').replace(signature, '{signature}'), signatures };
}
