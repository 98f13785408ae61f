import type { OptionTable, Usage } from './usage.ts';

/** Column at which the meaning of an option starts. */
const INDENT = 25;

/** The help of a command, in lines of at most `width` characters where words allow it. */
export function helpText(usage: Usage, width: number): string {
  const steps = Object.entries(usage.steps ?? {}).filter(([, { options }]) => Object.keys(options).length > 0);
  const paragraphs = [
    ['Usage:', ...usage.forms.flatMap(([form, meaning]) => [`  waybill ${form}`, ...wrapped(meaning, width, 6)])],
    ...(usage.about ?? []).map((text) => wrapped(text, width, 0)),
    [
      'Examples:',
      ...usage.examples.flatMap(({ line, meaning }) => [...wrapped(`# ${meaning}`, width, 2), `  ${line}`]),
    ],
    ...steps.flatMap(([name, { options }]) => sectionsOf(options, `Options of ${name}:`, width)),
    ...sectionsOf(usage.options, 'Options:', width),
  ];
  return paragraphs.map((lines) => lines.join('\n')).join('\n\n');
}

/** The options in their order, a new section for each heading. */
function sectionsOf(options: OptionTable, heading: string, width: number): string[][] {
  const sections: string[][] = [];
  for (const [name, option] of Object.entries(options)) {
    const lines = optionLines(name, option, width);
    const last = sections.pop();
    if (last === undefined) sections.push([...wrapped(option.heading ?? heading, width, 0), ...lines]);
    else if (option.heading === undefined) sections.push([...last, ...lines]);
    else sections.push(last, [...wrapped(option.heading, width, 0), ...lines]);
  }
  return sections;
}

function optionLines(
  name: string,
  { argument, meaning, multiple, short }: OptionTable[string],
  width: number,
): string[] {
  const letter = short === undefined ? '' : `, -${short}`;
  const head = `  --${name}${letter}${argument === undefined ? '' : ` ${argument}`}`;
  const [first = '', ...more] = wrapped(`${meaning}${multiple === true ? '; repeatable' : ''}`, width, INDENT);
  return head.length + 2 > INDENT ? [head, first, ...more] : [head + first.slice(head.length), ...more];
}

function wrapped(text: string, width: number, indent: number): string[] {
  const lines: string[] = [];
  const start = ' '.repeat(indent);
  let line = start;
  for (const word of text.split(' ')) {
    const next = line === start ? line + word : `${line} ${word}`;
    if (next.length > width && line !== start) {
      lines.push(line);
      line = start + word;
    } else line = next;
  }
  return [...lines, line];
}
