import { getDocument, GlobalWorkerOptions, type PDFDocumentLoadingTask } from 'pdfjs-dist';
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import type { PdfBytes } from './pdf-bytes.ts';
import { PdfResources } from './pdf-resources.ts';

GlobalWorkerOptions.workerSrc = workerUrl;

/** A picture of more pixels than this is left out. */
const mostPixels = 64 * 1024 * 1024;

/**
 * Reads a PDF in a thread of its own, and no more of it than is shown. Its scripts never run: the part of the library that
 * would run them is not there, and neither are forms and links.
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

/** Why a file cannot be shown, by what the library threw. */
export function faultOf(error: unknown): 'pdf-broken' | 'pdf-encrypted' {
  return error instanceof Error && error.name === 'PasswordException' ? 'pdf-encrypted' : 'pdf-broken';
}
