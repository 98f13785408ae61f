import { Refusal } from './refusal.ts';

/** The file of a form, which is read once, as it arrives. */
interface FormFile {
  /** As the form says it, with a path before it if the sender has one; `''` if absent. */
  readonly name: string;
  /** Content-Type of the part, null if absent. */
  readonly contentType: string | null;
  /** @throws Refusal `MalformedPOSTRequest` where the body ends before the file does */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** A multipart/form-data body up to its file. */
export interface FormData {
  /** By names in lower case, as OSS doesn't heed their case. The first of a name counts. */
  readonly fields: ReadonlyMap<string, string>;
  readonly file: FormFile;
}

/** Limits of OSS. @see https://help.aliyun.com/zh/oss/support/0006-00000110 and …111, …112 */
const MAX_NAME_BYTES = 8 * 1024;
const MAX_VALUE_BYTES = 2 * 1024 * 1024;
const MAX_FIELDS_BYTES = 8 * 1024 * 1024;

/** A name of the longest kind and a file's name beside it. */
const MAX_PART_HEAD_BYTES = 2 * MAX_NAME_BYTES;

/**
 * Reads the fields of a form, and stops where its file begins. What follows the file is never read: OSS's own example
 * has a field there.
 * @throws Refusal `RequestIsNotMultiPartContent`, `MalformedPOSTRequest`, `FieldItemTooLong`
 * @see https://help.aliyun.com/zh/oss/developer-reference/postobject
 */
export async function readFormData(
  source: AsyncIterable<Uint8Array>,
  contentType: string | undefined,
): Promise<FormData> {
  const reader = new PartReader(source, boundaryOf(contentType));
  const fields = new Map<string, string>();
  let fieldsBytes = 0;
  await reader.skipPreamble();
  while (await reader.isPartNext()) {
    const part = partOf(await reader.head());
    if (Buffer.byteLength(part.name) > MAX_NAME_BYTES) throw tooLong('key', '0006-00000110');
    const name = part.name.toLowerCase();
    if (name === 'file') {
      const { fileName, contentType: type } = part;
      return { fields, file: { name: fileName, contentType: type, bytes: reader.stream() } };
    }
    const value = await reader.value();
    fieldsBytes += value.length;
    if (fieldsBytes > MAX_FIELDS_BYTES) throw tooLong('data before the file', '0006-00000112');
    if (!fields.has(name)) fields.set(name, value.toString('utf8'));
  }
  throw new Refusal(400, {
    code: 'IncorrectNumberOfFilesInPOSTRequest',
    message: 'POST requires exactly one file upload per request.',
    ec: '0006-00000107',
  });
}

/** Quotes around a boundary are no part of RFC 2046's token, and OSS doesn't take them. */
function boundaryOf(contentType = ''): Buffer {
  const found = /^multipart\/form-data;.*\bboundary=([^\s";,]{1,200})/i.exec(contentType);
  if (found?.[1] !== undefined) return Buffer.from(`\r\n--${found[1]}`, 'latin1');
  throw new Refusal(400, {
    code: 'RequestIsNotMultiPartContent',
    message: 'Bucket POST must be of the enclosure-type multipart/form-data.',
  });
}

interface Part {
  readonly name: string;
  readonly fileName: string;
  readonly contentType: string | null;
}

function partOf(head: string): Part {
  const headers = new Map(
    head.split('\r\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  const disposition = headers.get('content-disposition') ?? '';
  const name = parameterOf(disposition, 'name');
  if (!/^form-data\s*(;|$)/i.test(disposition) || name === null) throw malformedForm();
  return {
    name,
    fileName: parameterOf(disposition, 'filename') ?? '',
    contentType: headers.get('content-type') ?? null,
  };
}

/** `name="a"`, with the escapes that browsers and curl write for a quote. */
function parameterOf(disposition: string, name: string): string | null {
  const found = new RegExp(`;\\s*${name}=(?:"((?:\\\\"|[^"])*)"|([^;\\s]*))`, 'i').exec(disposition);
  if (!found) return null;
  return found[2] ?? (found[1] ?? '').replaceAll('\\"', '"').replaceAll('%22', '"');
}

/** Cuts a body at the lines of its boundary, and holds no more of it than a part's head or one field. */
class PartReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #boundary: Buffer;
  /** The first boundary may stand at the very beginning, without a line before it. */
  #held: Buffer = Buffer.from('\r\n');

  constructor(source: AsyncIterable<Uint8Array>, boundary: Buffer) {
    this.#chunks = source[Symbol.asyncIterator]();
    this.#boundary = boundary;
  }

  async skipPreamble(): Promise<void> {
    await this.#until(this.#boundary, MAX_PART_HEAD_BYTES);
  }

  /** After a boundary: whether a part follows, rather than the end of the form. */
  async isPartNext(): Promise<boolean> {
    while (this.#held.length < 2) await this.#more();
    if (this.#held.subarray(0, 2).toString('latin1') === '--') return false;
    const padding = await this.#until(Buffer.from('\r\n'), MAX_PART_HEAD_BYTES);
    if (padding.toString('latin1').trim() !== '') throw malformedForm();
    return true;
  }

  async head(): Promise<string> {
    return (await this.#until(Buffer.from('\r\n\r\n'), MAX_PART_HEAD_BYTES)).toString('utf8');
  }

  async value(): Promise<Buffer> {
    return this.#until(this.#boundary, MAX_VALUE_BYTES, () => tooLong('value', '0006-00000111'));
  }

  /** The bytes up to the next boundary, as they arrive. */
  async *stream(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const at = this.#held.indexOf(this.#boundary);
      // A boundary may begin at the end of what has arrived.
      const sure = at < 0 ? this.#held.length - this.#boundary.length + 1 : at;
      if (sure > 0) {
        yield this.#held.subarray(0, sure);
        this.#held = this.#held.subarray(sure);
      }
      if (at >= 0) return;
      await this.#more();
    }
  }

  async #until(mark: Buffer, limit: number, tooMuch: () => Refusal = malformedForm): Promise<Buffer> {
    for (let from = 0; ;) {
      const at = this.#held.indexOf(mark, from);
      if (at > limit || (at < 0 && this.#held.length > limit + mark.length)) throw tooMuch();
      if (at >= 0) {
        const found = this.#held.subarray(0, at);
        this.#held = this.#held.subarray(at + mark.length);
        return found;
      }
      from = Math.max(0, this.#held.length - mark.length + 1);
      await this.#more();
    }
  }

  async #more(): Promise<void> {
    const next = await this.#chunks.next();
    if (next.done === true) throw malformedForm();
    this.#held = this.#held.length === 0 ? Buffer.from(next.value) : Buffer.concat([this.#held, next.value]);
  }
}

/** @see https://help.aliyun.com/zh/oss/user-guide/0006-00000104 */
function malformedForm(): Refusal {
  return new Refusal(400, {
    code: 'MalformedPOSTRequest',
    message: 'The body of your POST request is not well-formed multipart/form-data.',
    ec: '0006-00000104',
  });
}

function tooLong(what: string, ec: string): Refusal {
  return new Refusal(400, { code: 'FieldItemTooLong', message: `A ${what} of the form is too long.`, ec });
}
