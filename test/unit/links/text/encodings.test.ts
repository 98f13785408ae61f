// Keys, notes and headers come from anyone: each text yields one literal of its language, and comes back as it was.
import { execFileSync } from 'node:child_process';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvLine } from '../../../../main/links/text/csv.ts';
import { powershellText, pythonText, scriptText, shellText } from '../../../../main/links/text/quoting.ts';
import { escapeControls, escapeLines } from '../../../../main/words/controls.ts';
import { anyUnicode, anyWellFormed } from '../../../support/any-unicode.ts';

/** No program takes a NUL in its arguments. */
const anyArgument = anyWellFormed.map((text) => text.replaceAll('\0', ' '));
const manyArguments = fc.array(anyArgument, { minLength: 20, maxLength: 60 });

describe.each([
  ['sh', ['-c']],
  ['bash', ['--norc', '-c']],
])('a literal for %s', (shell, options) => {
  test('is one argument, as it was', () => {
    fc.assert(
      fc.property(manyArguments, (texts) => {
        const line = `printf '%s\\0' ${texts.map(shellText).join(' ')}`;
        const printed = execFileSync(shell, [...options, line], {
          encoding: 'utf8',
          env: { ...process.env, LC_ALL: 'C.UTF-8' },
        });
        expect(printed.split('\0').slice(0, -1)).toEqual(texts);
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });
});

test('a literal for Python is one string, as it was', () => {
  fc.assert(
    fc.property(fc.array(anyUnicode, { minLength: 20, maxLength: 60 }), (texts) => {
      const source = `import json, sys\nsys.stdout.write(json.dumps([${texts.map(pythonText).join(',')}]))`;
      const printed = execFileSync('python3', ['-'], { input: source, encoding: 'utf8' });
      expect(JSON.parse(printed)).toEqual(texts);
    }),
    { numRuns: 5, endOnFailure: true },
  );
});

test('a literal for JavaScript is one string, as it was, and ends no script of a page', () => {
  fc.assert(
    fc.property(anyUnicode, (text) => {
      const literal = scriptText(text);
      expect(literal).not.toMatch(/[<\p{Cc}\p{Cf}\u2028\u2029]/u);
      expect(runInNewContext(literal)).toBe(text);
    }),
  );
});

/**
 * A verbatim string of PowerShell: any of its single quotes, doubled inside; nothing else has a meaning.
 * @see https://learn.microsoft.com/powershell/scripting/lang-spec/chapter-02#2352-string-literals
 */
const verbatim = /^['\u2018\u2019\u201a\u201b]((?:[^'\u2018\u2019\u201a\u201b]|['\u2018\u2019\u201a\u201b]{2})*)'$/u;

test('a literal for PowerShell is one verbatim string by its grammar', () => {
  fc.assert(
    fc.property(anyUnicode, (text) => {
      const [, inside] = verbatim.exec(powershellText(text)) ?? [];
      expect(inside?.replace(/(['\u2018\u2019\u201a\u201b])['\u2018\u2019\u201a\u201b]/g, '$1')).toBe(text);
    }),
  );
});

/** Reads CSV as RFC 4180 has it. */
function readCsv(text: string): string[] {
  const cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  while (cell.lastIndex < text.length) {
    const [, quoted, bare = ''] = cell.exec(text) ?? [undefined, undefined, 'is no cell'];
    cells.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (cell.lastIndex === 0) break;
  }
  return cells;
}

test('a line of CSV is read back cell by cell, and no cell is a formula', () => {
  fc.assert(
    fc.property(fc.array(anyUnicode, { minLength: 1, maxLength: 6 }), (cells) => {
      const read = readCsv(csvLine(cells));
      expect(read).toHaveLength(cells.length);
      read.forEach((cell, index) => {
        // An apostrophe before a text is how a spreadsheet marks that it is one.
        expect([cells[index], `'${cells[index] ?? ''}`]).toContain(cell);
        expect(cell.trimStart()).not.toMatch(/^[=+\-@\uff1d\uff0b\uff0d\uff20]/u);
        expect(cell).not.toMatch(/^[\t\r\n]/);
      });
    }),
    { numRuns: 500 },
  );
});

test('nothing that a terminal obeys is printed, and lines of ours stay', () => {
  const obeyed = /[\p{Cc}\p{Surrogate}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/u;
  fc.assert(
    fc.property(anyUnicode, (text) => {
      expect(escapeControls(text)).not.toMatch(obeyed);
      expect(escapeLines(text).replace(/[\n\t]/g, '')).not.toMatch(obeyed);
      expect(escapeLines(text).split('\n')).toHaveLength(text.split('\n').length);
    }),
  );
});
