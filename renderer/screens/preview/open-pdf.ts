import { getDocument, GlobalWorkerOptions, type PDFDocumentLoadingTask } from 'pdfjs-dist';
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import { own } from '../../../main/own.ts';
import type { PdfBytes } from './pdf-bytes.ts';

GlobalWorkerOptions.workerSrc = workerUrl;

/** Images with more pixels than this are omitted. */
const mostPixels = 64 * 1024 * 1024;

/** Where the build puts them: see `pdfResources` in vite.config.ts. */
const folders: Readonly<Record<string, string>> = { cMapUrl: 'cmaps', standardFontDataUrl: 'standard_fonts' };

/**
 * Resources that PDF files don't include: character tables for Chinese, Japanese and Korean, and the standard fonts.
 * They are scripts that hold bytes, because the page's security policy forbids fetching.
 */
class PdfResources {
  async fetch({ kind, filename }: { readonly kind: string; readonly filename: string }): Promise<Uint8Array> {
    const folder = own(folders, kind);
    if (folder === undefined || !/^[\w-]+\.\w+$/.test(filename))
      throw new Error('the library asks for what is unknown');
    const url = new URL(`pdf/${folder}/${filename}.js`, document.baseURI).href;
    const { default: base64 } = (await import(/* @vite-ignore */ url)) as { default: string };
    return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  }
}

/**
 * Reads a PDF in a worker thread, and only the pages shown. Its scripts never run: the part of the library that runs
 * them isn't included, and neither are forms and links.
 */
export function openPdf(range: PdfBytes): PDFDocumentLoadingTask {
  return getDocument({
    range,
    rangeChunkSize: 256 * 1024,
    disableAutoFetch: true,
    disableStream: true,
    enableXfa: false,
    maxImageSize: mostPixels,
    BinaryDataFactory: PdfResources,
    useWorkerFetch: false,
    useWasm: false,
    wasmUrl: new URL('pdf/', document.baseURI).href,
    verbosity: 0,
  });
}

/** Why a file can't be shown, derived from the library's error. */
export function faultOf(error: unknown): 'pdf-broken' | 'pdf-encrypted' {
  return error instanceof Error && error.name === 'PasswordException' ? 'pdf-encrypted' : 'pdf-broken';
}
