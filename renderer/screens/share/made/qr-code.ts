import { encode } from 'uqr';

/** A QR code as a single SVG path. */
interface QrCode {
  /** Modules per side, including the quiet zone. */
  readonly size: number;
  /** The dark modules, in rows of rectangles one module high. */
  readonly path: string;
}

/** The margin that readers need around the code, in modules. */
const quietZone = 4;

/** The QR code of a text; null if the text is too long for one. */
export function qrCode(text: string): QrCode | null {
  const rows = modulesOf(text);
  if (rows === null) return null;
  const path = rows.map((row, y) => rowPath(row, y + quietZone)).join('');
  return { size: rows.length + 2 * quietZone, path };
}

function modulesOf(text: string): readonly (readonly boolean[])[] | null {
  try {
    return encode(text, { border: 0 }).data;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function rowPath(row: readonly boolean[], y: number): string {
  let path = '';
  for (let x = 0; x < row.length; x += 1) {
    if (row[x] !== true) continue;
    const start = x;
    while (row[x + 1] === true) x += 1;
    const width = x - start + 1;
    path += `M${start + quietZone} ${y}h${width}v1h-${width}z`;
  }
  return path;
}
