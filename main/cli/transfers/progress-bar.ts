import { formatBytes, formatSpeed } from '../../words/format.ts';
import type { Totals } from './transfer-totals.ts';
import { sentences, text } from '../terminal/sentences.ts';

/** A progress line, redrawn at the bottom of a terminal. */
export class ProgressBar {
  readonly #terminal: NodeJS.WriteStream;
  #isDrawn = false;
  #hasEnded = false;

  constructor(terminal: NodeJS.WriteStream) {
    this.#terminal = terminal;
  }

  draw(totals: Totals): void {
    if (this.#hasEnded) return;
    this.clear();
    // Some terminals wrap as soon as a line is full, so leave the last column free.
    this.#terminal.write(barText(totals, this.#terminal.columns - 1));
    this.#isDrawn = true;
  }

  /** Erases the bar, to print a permanent line. */
  clear(): void {
    if (this.#isDrawn) this.#terminal.write('\r\u001b[2K');
    this.#isDrawn = false;
  }

  /** Erases the bar permanently. */
  end(): void {
    this.clear();
    this.#hasEnded = true;
  }
}

const BAR_WIDTH = 24;

/** `━━━━━━╌╌╌╌  43 %  1.2 GB of 2.8 GB  35 MB/s  0:45 left  12 of 345 files`, shortened to fit. */
export function barText(totals: Totals, columns: number): string {
  const { doneBytes, sizeBytes, bytesPerSecond, doneFiles, files } = totals;
  const { locale } = sentences;
  const done = formatBytes(doneBytes, locale);
  const isKnown = sizeBytes !== null && sizeBytes > 0;
  const share = isKnown ? Math.min(1, doneBytes / sizeBytes) : 0;
  const filled = Math.round(share * BAR_WIDTH);
  const parts = [
    isKnown ? `${String(Math.floor(share * 100)).padStart(3)} %` : '',
    isKnown ? text('cli.progress.of', { part: done, whole: formatBytes(sizeBytes, locale) }) : done,
    paceMessage(totals),
    isKnown && bytesPerSecond > 0
      ? text('transfers.time-left', { length: duration((sizeBytes - doneBytes) / bytesPerSecond) })
      : '',
    files > 1 ? text('cli.progress.files', { done: doneFiles, total: files }) : '',
  ].filter((part) => part !== '');
  const bar = isKnown ? ['━'.repeat(filled) + '╌'.repeat(BAR_WIDTH - filled)] : [];
  const fitting = [[...bar, ...parts], parts, parts.slice(0, 3), parts.slice(0, 1)].map((texts) => texts.join('  '));
  return fitting.find((text) => text.length <= columns) ?? '';
}

/** The speed, or what the transfer waits for. */
function paceMessage({ bytesPerSecond, isOffline }: Totals): string {
  if (bytesPerSecond > 0) return formatSpeed(bytesPerSecond, sentences.locale);
  return text(isOffline ? 'cli.progress.offline' : 'transfers.no-data');
}

/** `0:45`, `12:03`, `3:02:01`. */
function duration(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = String(rest).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}
