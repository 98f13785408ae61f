import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePracticeBucket, type PracticeBucket } from '../transfers/practice-bucket.ts';
import { t } from '../../support/words.ts';
import { builtCli, type Program, runProgram } from './bundle.ts';
import { environmentOf } from './practice-cli.ts';

let practice: PracticeBucket;
let cli: Program;
let notified: Server;
/** What the callback server was sent, and what it answers. */
const received: string[] = [];
let answer = { status: 200, body: '{"Status":"OK"}' };

beforeAll(async () => {
  [practice, cli] = await Promise.all([makePracticeBucket(), builtCli()]);
  notified = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push(Buffer.concat(chunks).toString());
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
  }).listen(0, '127.0.0.1');
  await once(notified, 'listening');
});

afterAll(async () => {
  notified.close();
  await practice.close();
});

function callbackHeader(): string {
  const { port } = notified.address() as AddressInfo;
  const parameters = {
    callbackUrl: `http://127.0.0.1:${port}/done`,
    callbackBody: 'object=${object}&size=${size}',
  };
  return `x-oss-callback: ${Buffer.from(JSON.stringify(parameters)).toString('base64')}`;
}

async function send(key: string) {
  const env = environmentOf(practice);
  const header = callbackHeader();
  const args = ['share', `oss://${practice.bucket}/${key}`, '--method', 'PUT', '--header', header];
  const { stdout } = await runProgram(cli.path, args, { env });
  const path = await practice.file(`${key}-file`, 'content');
  received.length = 0;
  return runProgram(cli.path, ['send', path, stdout.trim(), '--header', header, '--json'], { env });
}

test('an upload whose callback server answers is done', async () => {
  answer = { status: 200, body: '{"Status":"OK"}' };
  const sent = await send('called');
  expect(sent).toMatchObject({ code: 0, stderr: '' });
  expect(received).toEqual(['object=called&size=7']);
});

test.each([
  ['refuses', { status: 500, body: '{}' }, 'Error status : 500.'],
  ['answers something else', { status: 200, body: 'thanks' }, 'Response body is not valid json format.'],
])('a callback server that %s: stored and checked, exit code 1, and sent once', async (_what, given, says) => {
  answer = given;
  const key = `uncalled-${given.status}`;
  const sent = await send(key);
  expect(sent.code).toBe(1);
  expect(JSON.parse(sent.stdout)).toMatchObject({ key, verified: 'crc64' });
  expect(sent.stderr).toContain(t('failure.cause.callback-failed.title'));
  expect(sent.stderr).toContain(says);
  expect(sent.stderr).toContain('Code: CallbackFailed');
  expect(received).toHaveLength(1);
  expect((await practice.read(key)).toString()).toBe('content');
});
