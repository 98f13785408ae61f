import { numberText } from '../shared/format.ts';
import { locale, text } from '../shared/texts.ts';
import type { Item, Stored } from './items.ts';
import { stateText } from './state-text.ts';

/** Where files went. */
interface Place {
  readonly bucket: string;
  readonly host: string;
}

/** Where a form sends files. */
export function placeOf({ bucket, action }: { readonly bucket: string; readonly action: string }): Place {
  return { bucket, host: new URL(action).host };
}

/** What arrived and what didn't, as text to keep. It says what was compared, and holds no permission. */
export function receiptText(items: readonly Item[], { bucket, host }: Place): string {
  const arrived = items.flatMap(({ path, file, state }) =>
    state.at === 'stored' ? [{ path, sizeBytes: file.size, stored: state.stored }] : [],
  );
  const others = items.filter(({ state }) => state.at !== 'stored');
  const blocks = [
    [text('page.drop.receipt.title', { bucket }), text('page.drop.receipt.server', { host })],
    ...arrived.map(({ path, sizeBytes, stored }) => [path, ...linesOf(sizeBytes, stored).map(indented)]),
    ...(others.length === 0
      ? []
      : [
          [
            text('page.drop.receipt.not-sent'),
            ...others.map((item) =>
              indented(text('page.drop.receipt.reason', { name: item.path, reason: stateText(item) })),
            ),
          ],
        ]),
    [text('page.drop.receipt.unsigned')],
  ];
  return `${blocks.map((lines) => lines.map(oneLine).join('\n')).join('\n\n')}\n`;
}

function linesOf(sizeBytes: number, { key, proof, crc64, ossRequestId, at }: Stored): readonly string[] {
  return [
    text('page.drop.receipt.size', { size: numberText(sizeBytes, locale) }),
    text('page.drop.receipt.time', { moment: new Date(at).toISOString() }),
    text('page.drop.receipt.key', { key }),
    text(proof === 'verified' ? 'page.drop.receipt.verified' : 'page.drop.receipt.accepted'),
    ...(crc64 === null ? [] : [text('page.drop.receipt.crc64', { crc64 })]),
    ...(ossRequestId === null ? [] : [text('page.drop.receipt.request', { id: ossRequestId })]),
  ];
}

function indented(line: string): string {
  return `  ${line}`;
}

/** A name can't write lines of its own into a receipt. */
function oneLine(line: string): string {
  return line.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '�');
}
