/** A page that is a picture, black all over, as fax machines and scanners compress it. */
export const scan = Symbol('scan');

type PageContent = string | typeof scan;

/** What a PDF of the tests holds. */
export interface PdfContent {
  /** One page each; text is in a font that the file does not bring with it. */
  readonly pages: readonly PageContent[];
  /** A program that readers run when they open the file. */
  readonly script?: string;
  /** Opens with a password that nobody has. */
  readonly locked?: boolean;
}

/** A PDF as other programs write it, byte for byte by the format's rules. Text beyond ASCII needs a table of Chinese characters. */
export function makePdf({ pages, script, locked = false }: PdfContent): Buffer {
  const action = script === undefined ? '' : `/OpenAction << /S /JavaScript /JS (${script}) >>`;
  const numberOf = (page: number) => 7 + page * 2;
  const resources = '<< /Font << /L 3 0 R /H 4 0 R >> /XObject << /S 6 0 R >> >>';
  const kids = pages.map((_, page) => `${numberOf(page)} 0 R`).join(' ');
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R ${action} >>`,
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} /MediaBox [0 0 300 200] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    '<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [5 0 R] >>',
    '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo ' +
      '<< /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> ' +
      '/FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -200 1000 900] ' +
      '/ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >> >>',
    // Eight rows like the one above each, which is white before the first; then black and white change places.
    '<< /Type /XObject /Subtype /Image /Width 8 /Height 8 /BitsPerComponent 1 /ColorSpace /DeviceGray /Decode [1 0] ' +
      '/Filter [/ASCIIHexDecode /CCITTFaxDecode] /DecodeParms [null << /K -1 /Columns 8 /Rows 8 >>] /Length 9 >>\n' +
      'stream\nFF001001>\nendstream',
    ...pages.flatMap((shownThere, page) => {
      const content = shownThere === scan ? 'q 200 0 0 100 20 20 cm /S Do Q' : `BT ${shown(shownThere)} ET`;
      return [
        `<< /Type /Page /Parent 2 0 R /Contents ${numberOf(page) + 1} 0 R /Resources ${resources} >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ];
    }),
  ];
  return assemble(objects, locked);
}

function shown(text: string): string {
  // oxlint-disable-next-line no-control-regex -- All of ASCII.
  if (/^[\x00-\x7f]*$/.test(text)) return `/L 24 Tf 20 100 Td (${text}) Tj`;
  return `/H 24 Tf 20 100 Td <${Buffer.from(text, 'utf16le').swap16().toString('hex')}> Tj`;
}

function assemble(objects: readonly string[], locked: boolean): Buffer {
  let file = '%PDF-1.7\n';
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const check = '5a'.repeat(32);
  const lock = `/Encrypt << /Filter /Standard /V 1 /R 2 /O <${check}> /U <${check}> /P -44 >> /ID [<01> <01>]`;
  const trailer = `<< /Size ${objects.length + 1} /Root 1 0 R ${locked ? lock : ''} >>`;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n${trailer}\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}
