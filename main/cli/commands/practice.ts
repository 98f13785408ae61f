import { once } from 'node:events';
import { resolve } from 'node:path';
import { startPractice } from '../../practice/server.ts';
import type { Command } from '../arguments/command.ts';
import { readArgs, readNumber } from '../arguments/options.ts';
import { text } from '../terminal/sentences.ts';
import type { OptionTable } from '../usage/usage.ts';

const options = {
  port: { type: 'string', default: '0', argument: 'N', meaning: 'port on 127.0.0.1, default any free port' },
  data: {
    ...{ type: 'string', default: 'waybill-practice', argument: 'DIR', value: 'folder' },
    meaning: 'data folder, default ./waybill-practice',
  },
  json: { type: 'boolean', meaning: 'endpoint and credentials as one line of JSON' },
} as const satisfies OptionTable;

/** `practice`: the local OSS and STS server in the foreground. */
export const practiceCommand: Command = {
  usage: {
    forms: [['practice', 'run a local OSS and STS server until Ctrl+C']],
    words: [],
    options,
    examples: [
      { line: 'waybill practice --port 9000 --data ./practice-data', meaning: 'Prints the variables to set' },
      { line: 'waybill practice --json', meaning: 'On a free port, for a script' },
    ],
  },
  async run(args, { out, signal }) {
    const { values } = readArgs(args, options, []);
    const port = readNumber(values.port, '--port', 0, 65_535);
    const server = await startPractice({ dataDir: resolve(values.data), port }).catch((error: unknown) => {
      // The port is taken or the folder isn't writable: the system's message says which.
      if (error instanceof Error && 'syscall' in error)
        out.say(text('cli.practice.failed', { message: error.message }));
      else throw error;
      return null;
    });
    if (server === null) return 1;
    const { endpoint, stsEndpoint, region, accessKeyId, accessKeySecret, roleArn } = server;
    if (values.json === true) {
      await out.answer(JSON.stringify({ endpoint, stsEndpoint, region, accessKeyId, accessKeySecret, roleArn }));
    } else {
      await out.answer(`OSS_ENDPOINT=${endpoint}`);
      await out.answer(`OSS_REGION=${region}`);
      await out.answer(`OSS_ACCESS_KEY_ID=${accessKeyId}`);
      await out.answer(`OSS_ACCESS_KEY_SECRET=${accessKeySecret}`);
      out.say(text('cli.practice.running', { endpoint: stsEndpoint, role: roleArn }));
    }
    if (!signal.aborted) await once(signal, 'abort');
    await server.close();
    return 0;
  },
};
