import { expect, test } from 'vitest';
import { type Block, parseMarkdown } from '../../../../../../renderer/screens/preview/text/markdown.ts';
import { type Inline, parseInline } from '../../../../../../renderer/screens/preview/text/markdown-inline.ts';

const plain = (text: string): Inline[] => [{ kind: 'text', text }];
const paragraph = (text: string): Block => ({ kind: 'paragraph', content: plain(text) });

test('a file of all blocks is read', () => {
  const text = [
    '---',
    'title: x',
    '---',
    '# Title #',
    'Two lines',
    'of one paragraph',
    '',
    'Below',
    '-----',
    '> quoted',
    '> - item',
    '',
    '```sh',
    '# no heading',
    '```',
    '    indented',
    '',
    '***',
  ].join('\r\n');
  expect(parseMarkdown(text)).toEqual([
    { kind: 'code', text: 'title: x' },
    { kind: 'heading', level: 1, content: plain('Title') },
    paragraph('Two lines\nof one paragraph'),
    { kind: 'heading', level: 2, content: plain('Below') },
    {
      kind: 'quote',
      blocks: [
        paragraph('quoted'),
        { kind: 'list', start: null, items: [{ checked: null, blocks: [paragraph('item')] }] },
      ],
    },
    { kind: 'code', text: '# no heading' },
    { kind: 'code', text: 'indented' },
    { kind: 'rule' },
  ]);
});

test('lists are nested, numbered from their first number, and may be tasks', () => {
  const text = ['3. three', '   - inner', '     more', '4. four', '', '- [x] done', '- [ ] open'].join('\n');
  expect(parseMarkdown(text)).toEqual([
    {
      kind: 'list',
      start: 3,
      items: [
        {
          checked: null,
          blocks: [
            paragraph('three'),
            { kind: 'list', start: null, items: [{ checked: null, blocks: [paragraph('inner\nmore')] }] },
          ],
        },
        { checked: null, blocks: [paragraph('four')] },
      ],
    },
    {
      kind: 'list',
      start: null,
      items: [
        { checked: true, blocks: [paragraph('done')] },
        { checked: false, blocks: [paragraph('open')] },
      ],
    },
  ]);
});

test('a table has a row of headings, and cells with bars of their own', () => {
  expect(parseMarkdown('| a | b |\n|---|:-:|\n| 1 | x \\| y |\n\nend')).toEqual([
    {
      kind: 'table',
      rows: [
        [plain('a'), plain('b')],
        [plain('1'), plain('x | y')],
      ],
    },
    paragraph('end'),
  ]);
});

test.each<[string, Inline[]]>([
  ['a `code **x**` b', [...plain('a '), { kind: 'code', text: 'code **x**' }, ...plain(' b')]],
  ['**bold *both***', [{ kind: 'strong', content: plain('bold *both') }, ...plain('*')]],
  [
    '*one* and _two_',
    [{ kind: 'emphasis', content: plain('one') }, ...plain(' and '), { kind: 'emphasis', content: plain('two') }],
  ],
  ['~~gone~~', [{ kind: 'strike', content: plain('gone') }]],
  ['snake_case_name and 2 * 3 * 4', plain('snake_case_name and 2 * 3 * 4')],
  ['\\*no\\* **open', plain('*no* **open')],
  [
    '[text](https://a.example/x_(y) "title")',
    [{ kind: 'link', content: plain('text'), address: 'https://a.example/x_(y)' }],
  ],
  ['![alt](http://a.example/p.png)', [{ kind: 'image', text: 'alt', address: 'http://a.example/p.png' }]],
  ['<https://a.example>', [{ kind: 'link', content: plain('https://a.example'), address: 'https://a.example' }]],
  ['<b onclick=x>no HTML</b>', plain('<b onclick=x>no HTML</b>')],
  ['first  \nsecond', [...plain('first'), { kind: 'break' }, ...plain('second')]],
  ['[no link] (a)', plain('[no link] (a)')],
])('%o is read', (text, pieces) => {
  expect(parseInline(text)).toEqual(pieces);
});

test.each([
  ['quotes', '>'.repeat(100_000)],
  ['lists', '- '.repeat(100_000)],
  ['brackets', '['.repeat(200_000)],
  ['links', '[a]('.repeat(50_000)],
  ['stars', '*a **b '.repeat(30_000)],
  ['ticks', Array.from({ length: 600 }, (_, at) => '`'.repeat(at % 19) + 'a').join(' ')],
  ['blanks in a heading', `# a${' '.repeat(200_000)}b`],
  ['bars', `a|b\n${'-|'.repeat(100_000)}x`],
  ['blanks below a row of cells', `a|b\n-|-${' '.repeat(250_000)}x`],
  ['blanks in links', `[a](${' '.repeat(19_900)}x\n\n`.repeat(60)],
  ['open fences', '~~~\n'.repeat(60_000)],
  ['short paragraphs of brackets', `${'['.repeat(10_000)}\n\n`.repeat(20)],
])('a text of nothing but %s comes to an end', (_, text) => {
  expect(parseMarkdown(text).length).toBeGreaterThan(0);
});
