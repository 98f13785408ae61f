import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { WaybillError } from '../../failure.ts';
import { errorCode, fileError } from '../../local-files/file-failure.ts';
import { replaceFile } from '../../local-files/replace-file.ts';
import { authorities, type Authority, trust } from '../../http/trust.ts';

/** Size limit of a PEM file, in bytes; a few authorities take far less. */
const MAX_BYTES = 1_048_576;

/** Certificate authorities trusted in addition to Node's and the system's, stored in a PEM file. */
export class Authorities {
  readonly #path: string;
  #certificates: readonly X509Certificate[];

  private constructor(path: string, certificates: readonly X509Certificate[]) {
    this.#path = path;
    this.#certificates = certificates;
  }

  /** Loads and trusts the stored authorities. A damaged file counts as empty. @throws WaybillError `file` */
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

  /** Adds the certificates in a PEM file. @throws WaybillError `file`, `input` if it holds no certificate */
  async add(path: string): Promise<void> {
    const found = readCertificates(await readSmall(path)) ?? [];
    if (found.length === 0) throw new WaybillError({ kind: 'input', field: 'authority', rule: 'no-certificate' });
    const known = new Set(this.#certificates.map(({ fingerprint256 }) => fingerprint256));
    await this.#keep([...this.#certificates, ...found.filter(({ fingerprint256 }) => !known.has(fingerprint256))]);
  }

  /** Removes an authority. New connections no longer trust it. */
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

/** Null if any block isn't a valid certificate. */
function readCertificates(text: string): readonly X509Certificate[] | null {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return null;
  }
}
