import { Agent } from 'undici';
import { expect, test } from 'vitest';
import type { Command, CommandContext } from '../../../../main/cli/arguments/command.ts';
import { commands } from '../../../../main/cli/command-table.ts';
import { helpText } from '../../../../main/cli/usage/help-text.ts';
import { summaries } from '../../../../main/cli/usage/overview.ts';
import type { OptionTable } from '../../../../main/cli/usage/usage.ts';

const context: CommandContext = {
  env: {},
  out: {
    answer: () => Promise.resolve(),
    bytes: () => Promise.resolve(),
    say: () => undefined,
    terminal: null,
    ask: null,
  },
  dispatcher: new Agent(),
  signal: AbortSignal.abort(),
};

/** More arguments than any command takes: it ends once it has read its options. */
const TOO_MANY = ['a', 'b', 'c', 'd'];

const loaded = await Promise.all(
  Object.entries(commands).map(async ([name, load]) => ({ name, command: await load() })),
);

/** Each command, and each command of a command, with all options that its help lists. */
const cases = loaded.flatMap(({ name, command }) => {
  const { steps, options } = command.usage;
  const own: OptionTable = options;
  if (steps === undefined) return [{ name, command, args: [] as string[], options: own }];
  return Object.entries(steps).map(([step, more]) => ({
    ...{ name: `${name} ${step}`, command, args: [step] },
    options: { ...more.options, ...own },
  }));
});

const everyOption = new Map(cases.flatMap(({ options }) => Object.entries(options)));

function said(command: Command, args: readonly string[]): Promise<string> {
  return command.run(args, context).then(String, String);
}

test.each(cases)('$name takes every option of its help, and no other', async ({ command, args, options }) => {
  for (const [name, { type }] of everyOption) {
    const kind = options[name]?.type ?? type;
    const answer = await said(command, [...args, kind === 'string' ? `--${name}=x` : `--${name}`, ...TOO_MANY]);
    const isRefused = answer.includes(`Unknown option '--${name}'`);
    expect([name, isRefused], answer).toEqual([name, options[name] === undefined]);
  }
});

test.each(loaded)('the help of $name has each option once, and options of no other kind', ({ name, command }) => {
  const { usage } = command;
  const help = helpText(usage, 100);
  const tables = [...Object.values(usage.steps ?? {}).map(({ options }) => options), usage.options];
  const names = tables.flatMap((table) => Object.keys(table));
  const listed = [...help.matchAll(/^ {2}--([a-z0-9-]+)/gm)].map(([, found]) => found);
  expect(listed).toEqual(names);
  const options = Object.assign({}, ...tables) as OptionTable;
  for (const [option, { type, argument }] of Object.entries(options)) {
    expect([option, type === 'string'], `--${option} of ${name}`).toEqual([option, argument !== undefined]);
  }
  // Every command's answer can be read by a program.
  expect(options).toHaveProperty('json');
});

test.each(loaded)('$name has two to four examples, of itself and with options that it takes', ({ name, command }) => {
  const { examples, options, steps = {} } = command.usage;
  const known = [options, ...Object.values(steps).map((step) => step.options)].flatMap((table) => Object.keys(table));
  expect(examples.length).toBeGreaterThanOrEqual(2);
  expect(examples.length).toBeLessThanOrEqual(4);
  for (const { line } of examples) {
    expect(line).toMatch(new RegExp(`(^|\\| |\\()waybill ${name}( |$)`));
    expect(known).toEqual(expect.arrayContaining([...line.matchAll(/ --([a-z-]+)/g)].map(([, option]) => option)));
  }
});

test.each([60, 80, 100])('no line of a help is longer than %i columns, if its words allow it', (width) => {
  for (const { command } of loaded) {
    const long = helpText(command.usage, width)
      .split('\n')
      .filter((line) => line.length > width && !/^ {2}(waybill|--)/.test(line) && line.trim().includes(' '));
    expect(long).toEqual([]);
  }
});

test('the overview has every command', () => {
  expect(Object.keys(commands)).toEqual(Object.keys(summaries));
});
