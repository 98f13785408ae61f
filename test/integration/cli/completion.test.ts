import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { scripts } from '../../../main/cli/completion/scripts.ts';
import { makePracticeBucket, type PracticeBucket } from '../transfers/practice-bucket.ts';
import { builtCli, type Program, runProgram } from './bundle.ts';
import { environmentOf } from './practice-cli.ts';

let practice: PracticeBucket;
let cli: Program;
let home: string;

beforeAll(async () => {
  [practice, cli] = await Promise.all([makePracticeBucket(), builtCli()]);
  home = join(practice.folder, 'home');
  await mkdir(join(home, 'local dir'), { recursive: true });
  await writeFile(join(home, 'unique file.txt'), 'x');
  const waybill = join(home, 'waybill');
  await writeFile(waybill, `#!/bin/sh\nexec '${process.execPath}' '${cli.path}' "$@"\n`);
  await chmod(waybill, 0o755);
  for (const key of ['trip/beach.jpg', 'two words/a b.txt', '图片/海滩.jpg', 'a:b/c=d.txt', "it's/one.txt"]) {
    await practice.put(key, 'x');
  }
});
afterEach(() => practice.server.faults.clear());
afterAll(() => practice.close());

const env = () => ({
  ...environmentOf(practice),
  HOME: home,
  PATH: `${home}:/usr/bin:/bin`,
  LC_ALL: 'C.UTF-8',
  TERM: 'xterm',
});

const START = '\u0001';

/** How each shell starts, without anyone's settings, and prints its words one a line behind a mark. */
const interactive = {
  bash: {
    command: 'bash --noprofile --norc -i',
    setup: [`eval "$(waybill completion bash)"`, `PS1='rea''dy> '`],
  },
  zsh: {
    command: 'zsh -f -i',
    setup: [
      'autoload -U compinit',
      'compinit -D -u',
      'bindkey -e',
      `eval "$(waybill completion zsh)"`,
      `PS1='rea''dy> '`,
    ],
  },
  fish: {
    command: 'fish --no-config --private -i',
    setup: ['waybill completion fish | source', `function fish_prompt; printf 'rea''dy> '; end`],
  },
} as const;

/** Types a line and a Tab in a real shell, and has the shell print the words that the line then has. */
async function completed(shell: keyof typeof interactive, line: string, after = ''): Promise<string[]> {
  const { command, setup } = interactive[shell];
  const child = spawn('script', ['-qec', `stty cols 200; ${command}`, '/dev/null'], { env: env(), cwd: home });
  let drawn = '';
  let isTyped = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    drawn += text;
    if (isTyped || !drawn.includes('ready> ')) return;
    isTyped = true;
    child.stdin.write(`${line}\t${after}${START}printf 'wo''rd<%s>\\n' \nexit\n`);
  });
  child.stdin.write(`${setup.join('\n')}\n`);
  await once(child, 'close');
  return [...drawn.matchAll(/^word<(.*)>\r?$/gmu)].map(([, word = '']) => word);
}

describe.each(['bash', 'zsh', 'fish'] as const)('in %s, a Tab completes', (shell) => {
  test.each([
    ['waybill sha', ['waybill', 'share']],
    ['waybill ls --recu', ['waybill', 'ls', '--recursive']],
    ['waybill get --overwrite keep', ['waybill', 'get', '--overwrite', 'keep-both']],
    ['waybill ls oss://waybill-tr', ['waybill', 'ls', 'oss://waybill-transfers/']],
    ['waybill ls oss://waybill-transfers/tr', ['waybill', 'ls', 'oss://waybill-transfers/trip/']],
    ['waybill rm oss://waybill-transfers/trip/', ['waybill', 'rm', 'oss://waybill-transfers/trip/beach.jpg']],
    ['waybill ls oss://waybill-transfers/two', ['waybill', 'ls', 'oss://waybill-transfers/two words/']],
    ['waybill ls oss://waybill-transfers/图', ['waybill', 'ls', 'oss://waybill-transfers/图片/']],
    ['waybill ls oss://waybill-transfers/a:b/', ['waybill', 'ls', 'oss://waybill-transfers/a:b/c=d.txt']],
    ["waybill ls oss://waybill-transfers/it\\'", ['waybill', 'ls', "oss://waybill-transfers/it's/"]],
    ['waybill put uni', ['waybill', 'put', 'unique file.txt']],
  ])('%s', async (line, words) => {
    expect(await completed(shell, line)).toEqual(words);
  });

  test('what is in quotes', async () => {
    const words = await completed(shell, 'waybill ls "oss://waybill-transfers/two words/a');
    expect(words).toEqual(['waybill', 'ls', 'oss://waybill-transfers/two words/a b.txt']);
  });
});

function complete(...words: string[]): ReturnType<typeof runProgram> {
  return runProgram(cli.path, ['__complete', 'words', ...words], { env: env(), stdin: '' });
}

test('a server that says no, or nothing, completes nothing and says nothing', async () => {
  const silent = { code: 0, stdout: 'words\n', stderr: '' };
  practice.server.faults.add({ match: {}, effect: { kind: 'error', status: 403, code: 'AccessDenied' } });
  expect(await complete('ls', 'oss://way')).toEqual(silent);
  practice.server.faults.clear();
  practice.server.faults.add({ match: {}, effect: { kind: 'latency', ms: 6000 } });
  expect(await complete('ls', 'oss://way')).toEqual(silent);
  practice.server.faults.clear();
  expect(await complete('no-such-command', '')).toEqual(silent);
  const without = { HOME: home, PATH: env().PATH };
  expect(await runProgram(cli.path, ['__complete', 'words', 'ls', 'oss://'], { env: without, stdin: '' })).toEqual(
    silent,
  );
});

test('options of the line choose where to ask', async () => {
  const { server } = practice;
  const elsewhere = { ...env(), OSS_ENDPOINT: 'http://127.0.0.1:9' };
  const line = ['__complete', 'words', 'ls', '--endpoint', server.endpoint, 'oss://waybill-tr'];
  expect(await runProgram(cli.path, line, { env: elsewhere, stdin: '' })).toMatchObject({
    stdout: 'words\noss://waybill-transfers/\t\n',
  });
});

test('completion prints the script of a shell, and refuses others', async () => {
  const printed = await runProgram(cli.path, ['completion', 'powershell'], { env: env() });
  expect(printed).toEqual({ code: 0, stdout: `${scripts.powershell}\n`, stderr: '' });
  expect(scripts.powershell).toContain('Register-ArgumentCompleter -Native -CommandName waybill');
  const asJson = await runProgram(cli.path, ['completion', 'fish', '--json'], { env: env() });
  expect(JSON.parse(asJson.stdout)).toEqual({ shell: 'fish', script: scripts.fish });
  expect(await runProgram(cli.path, ['completion', 'cmd'], { env: env() })).toMatchObject({ code: 2, stdout: '' });
});
