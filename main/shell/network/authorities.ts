import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { WaybillError } from '../../failure.ts';
import { errorCode } from '../../local-files/file-failure.ts';
import { type FileTrouble, keepAside } from '../../local-files/file-trouble.ts';
import { readText } from '../../local-files/read-text.ts';
import { replaceFile } from '../../local-files/replace-file.ts';
import { authorities, type Authority, trust } from '../../http/trust.ts';
import { Turns } from '../../local-files/turns.ts';

/** Size limit of a PEM file, in bytes; a few authorities take far less. */
const MAX_BYTES = 1_048_576;

/** Stands before the certificates, where PEM allows any text: so a file that holds none isn't taken for a damaged one. */
const HEADER = '# Certificate authorities that Waybill trusts, version 1\n';

/** Certificate authorities trusted in addition to Node's and the system's, stored in a PEM file. */
export class Authorities {
  /** What was wrong with the file when it was opened. */
  readonly troubles: readonly FileTrouble[];
  readonly #path: string;
  #certificates: readonly X509Certificate[];
  readonly #turns = new Turns();

  private constructor(path: string, certificates: readonly X509Certificate[], troubles: readonly FileTrouble[]) {
    this.#path = path;
    this.#certificates = certificates;
    this.troubles = troubles;
  }

  /** Loads and trusts the stored authorities. Damaged ones are skipped, and the file as it was is kept aside. */
  static async open(path: string): Promise<Authorities> {
    const { text, isReadable } = await readStored(path);
    const { certificates, isWhole, rest } = readCertificates(text ?? '');
    // Nothing but the first line and certificates is ours; an empty file has lost that line.
    const isDamaged = !isReadable || !isWhole || text === '' || !['', HEADER.trim()].includes(rest);
    const setAside = isDamaged ? keepAside(path, isReadable) : null;
    const trouble: FileTrouble = setAside === null ? { kind: 'unsaved', path } : { kind: 'damaged', path, setAside };
    const kept = new Authorities(path, certificates, isDamaged ? [trouble] : []);
    kept.#trust();
    // If that fails, the next start finds and keeps aside the same damage.
    if (setAside !== null) await kept.#keep(certificates).catch(() => undefined);
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
    const { certificates: found, isWhole } = readCertificates((await readText(path, MAX_BYTES)) ?? '');
    if (found.length === 0 || !isWhole)
      throw new WaybillError({ kind: 'input', field: 'authority', rule: 'no-certificate' });
    await this.#change((certificates) => {
      const known = new Set(certificates.map(({ fingerprint256 }) => fingerprint256));
      return [...certificates, ...found.filter(({ fingerprint256 }) => !known.has(fingerprint256))];
    });
  }

  /** Removes an authority. New connections no longer trust it. */
  async remove(fingerprint: string): Promise<void> {
    await this.#change((certificates) => certificates.filter(({ fingerprint256 }) => fingerprint256 !== fingerprint));
  }

  /** Changes take turns: each starts from what the one before it left. */
  #change(change: (certificates: readonly X509Certificate[]) => readonly X509Certificate[]): Promise<void> {
    return this.#turns.run(() => this.#keep(change(this.#certificates)));
  }

  async #keep(certificates: readonly X509Certificate[]): Promise<void> {
    await replaceFile(this.#path, `${HEADER}${certificates.map(String).join('')}`);
    this.#certificates = certificates;
    this.#trust();
  }

  #trust(): void {
    trust(authorities(this.#certificates.map(String)));
  }
}

/** The stored text, null if there is no file. */
async function readStored(path: string): Promise<{ readonly text: string | null; readonly isReadable: boolean }> {
  try {
    const found = await stat(path);
    const isReadable = found.isFile() && found.size <= MAX_BYTES;
    return { text: isReadable ? await readFile(path, 'utf8') : '', isReadable };
  } catch (error) {
    const isMissing = errorCode(error) === 'ENOENT';
    return { text: isMissing ? null : '', isReadable: isMissing };
  }
}

/** The certificates in a PEM text. `isWhole`: none of the blocks is damaged. `rest`: the text without the blocks. */
function readCertificates(text: string): {
  readonly certificates: readonly X509Certificate[];
  readonly isWhole: boolean;
  readonly rest: string;
} {
  const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
  const blocks = text.match(block) ?? [];
  const certificates = blocks.flatMap((pem) => {
    try {
      return [new X509Certificate(pem)];
    } catch {
      return [];
    }
  });
  return { certificates, isWhole: certificates.length === blocks.length, rest: text.replace(block, '').trim() };
}
