import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { WaybillError } from '../../failure.ts';
import { errorCode, fileError } from '../../local-files/file-failure.ts';
import { replaceFile } from '../../local-files/replace-file.ts';
import { authorities, type Authority, trust } from '../../http/trust.ts';

/** More is no file of a few authorities. */
const MAX_BYTES = 1_048_576;

/** The certificate authorities that are trusted beside Node's and the system's, kept in a file of their own. */
export class Authorities {
  readonly #path: string;
  #certificates: readonly X509Certificate[];

  private constructor(path: string, certificates: readonly X509Certificate[]) {
    this.#path = path;
    this.#certificates = certificates;
  }

  /** Reads what was added before, and trusts it from now on. A damaged file counts as none. */
  static async open(path: string): Promise<Authorities> {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return '';
      throw fileError(error, path);
    });
    const kept = new Authorities(path, readCertificates(text) ?? []);
    kept.#trust();
    return kept;
  }

  list(): readonly Authority[] {
    return this.#certificates.map((certificate) => ({
      name: /(?:^|\n)CN=(.*)/.exec(certificate.subject)?.[1] ?? certificate.subject.replaceAll('\n', ', '),
      fingerprint: certificate.fingerprint256,
      validUntil: Date.parse(certificate.validTo),
    }));
  }

  /** Trusts the certificates of a PEM file too. @throws WaybillError `file`, `input` where it holds none */
  async add(path: string): Promise<void> {
    const found = readCertificates(await readSmall(path)) ?? [];
    if (found.length === 0) throw new WaybillError({ kind: 'input', field: 'authority', rule: 'no-certificate' });
    const known = new Set(this.#certificates.map(({ fingerprint256 }) => fingerprint256));
    await this.#keep([...this.#certificates, ...found.filter(({ fingerprint256 }) => !known.has(fingerprint256))]);
  }

  /** Trusts one no longer. */
  async remove(fingerprint: string): Promise<void> {
    await this.#keep(this.#certificates.filter((certificate) => certificate.fingerprint256 !== fingerprint));
  }

  async #keep(certificates: readonly X509Certificate[]): Promise<void> {
    await replaceFile(this.#path, certificates.map(String).join(''));
    this.#certificates = certificates;
    this.#trust();
  }

  #trust(): void {
    trust(authorities(this.#certificates.map(String)));
  }
}

async function readSmall(path: string): Promise<string> {
  try {
    if ((await stat(path)).size > MAX_BYTES) return '';
    return await readFile(path, 'utf8');
  } catch (error) {
    throw fileError(error, path);
  }
}

/** Null where one of them is none. */
function readCertificates(text: string): readonly X509Certificate[] | null {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return null;
  }
}
