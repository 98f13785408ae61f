import { PDFDataRangeTransport } from 'pdfjs-dist';
import type { Failure } from '../../../main/contract/contract.ts';
import { type call, failureOf } from '../../lib/bridge.ts';

/** The most that main returns at a time. */
const mostBytes = 4 * 1024 * 1024;

/** Loads the byte ranges of an object that the PDF library requests. */
export class PdfBytes extends PDFDataRangeTransport {
  readonly #ticket: string;
  readonly #call: typeof call;
  readonly #onfail: (failure: Failure) => void;

  constructor(
    { ticket, sizeBytes }: { readonly ticket: string; readonly sizeBytes: number },
    callMain: typeof call,
    onfail: (failure: Failure) => void,
  ) {
    super(sizeBytes, null);
    this.#ticket = ticket;
    this.#call = callMain;
    this.#onfail = onfail;
  }

  override requestDataRange(begin: number, end: number): void {
    this.#read(begin, end).then(
      (bytes) => this.onDataRange(begin, bytes),
      async (error: unknown) => this.#onfail(await failureOf(error)),
    );
  }

  async #read(begin: number, end: number): Promise<Uint8Array> {
    const all = new Uint8Array(end - begin);
    for (let start = begin; start < end; start += mostBytes) {
      const stretch = { start, end: Math.min(end, start + mostBytes) };
      all.set(await this.#call('objects.previewBytes', { ticket: this.#ticket, ...stretch }), start - begin);
    }
    return all;
  }
}
