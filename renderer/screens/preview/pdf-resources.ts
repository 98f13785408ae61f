/** Where the build puts them; see `pdfResources` in vite.config.ts. */
const folders: Readonly<Record<string, string>> = { cMapUrl: 'cmaps', standardFontDataUrl: 'standard_fonts' };

/**
 * What PDF files take for granted and do not bring with them: tables of Chinese, Japanese and Korean characters, and the
 * fonts that every reader has. They are scripts that hold bytes, since a page of ours fetches nothing.
 */
export class PdfResources {
  async fetch({ kind, filename }: { readonly kind: string; readonly filename: string }): Promise<Uint8Array> {
    const folder = folders[kind];
    if (folder === undefined || !/^[\w-]+\.\w+$/.test(filename))
      throw new Error('the library asks for what is unknown');
    const url = new URL(`pdf/${folder}/${filename}.js`, document.baseURI).href;
    const { default: base64 } = (await import(/* @vite-ignore */ url)) as { default: string };
    return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  }
}
