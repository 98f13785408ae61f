import type { TextEncoding } from '../../../../main/contract/contract.ts';
import type { Messages } from '../../../lib/messages.svelte.ts';

/** The scripts that encodings are made for, those of most files first. */
const scripts = {
  'utf-8': 'unicode',
  'utf-16le': 'unicode',
  'utf-16be': 'unicode',
  gb18030: 'simplified-chinese',
  big5: 'traditional-chinese',
  shift_jis: 'japanese',
  'euc-jp': 'japanese',
  'iso-2022-jp': 'japanese',
  'euc-kr': 'korean',
  'windows-1252': 'western',
  'windows-1250': 'central-european',
  'iso-8859-2': 'central-european',
  'windows-1251': 'cyrillic',
  'koi8-r': 'cyrillic',
  'iso-8859-5': 'cyrillic',
  'windows-1253': 'greek',
  'iso-8859-7': 'greek',
  'windows-1254': 'turkish',
  'windows-1255': 'hebrew',
  'iso-8859-8': 'hebrew',
  'windows-1256': 'arabic',
  'iso-8859-6': 'arabic',
} as const satisfies Record<TextEncoding, string>;

const names: Partial<Record<TextEncoding, string>> = { big5: 'Big5', shift_jis: 'Shift_JIS' };

/** The name of an encoding as it is usually written, such as `GB18030`. */
export function encodingName(encoding: TextEncoding): string {
  return names[encoding] ?? encoding.toUpperCase().replace('WINDOWS', 'Windows');
}

/** All encodings with their scripts, such as `Simplified Chinese (GB18030)`. */
export function encodingChoices({
  text,
}: Messages): readonly { readonly encoding: TextEncoding; readonly label: string }[] {
  return (Object.keys(scripts) as TextEncoding[]).map((encoding) => ({
    encoding,
    label: text(`preview.encoding.${scripts[encoding]}`, { encoding: encodingName(encoding) }),
  }));
}
