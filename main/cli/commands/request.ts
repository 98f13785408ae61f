import { readFile } from 'node:fs/promises';
import { checkUploadRequest, createUploadRequest, type SlotState } from '../../links/making/upload-request.ts';
import { linkEndpoint } from '../../links/making/link-host.ts';
import { readUploadRequest } from '../../links/receiving/upload-request-file.ts';
import { withFileErrors } from '../../local-files/file-failure.ts';
import { parseAddress } from '../arguments/address.ts';
import { type Command, type CommandContext, UsageError } from '../arguments/command.ts';
import { connect, warnOfHost } from '../arguments/connect.ts';
import { linkOptionHelp, linkOptionTable, readLifetime, readLinkHost } from '../arguments/link-options.ts';
import { readArgs, readNumber, serverHelp, serverOptions } from '../arguments/options.ts';
import { escapeControls } from '../../words/controls.ts';
import { isoTime } from '../terminal/output.ts';
import { text as sentence } from '../terminal/sentences.ts';

const options = {
  ...serverOptions,
  ...linkOptionTable,
  slots: { type: 'string' },
  names: { type: 'string' },
  'content-type': { type: 'string' },
  'allow-overwrite': { type: 'boolean' },
  note: { type: 'string' },
  check: { type: 'string' },
} as const;

type RequestValues = ReturnType<typeof readArgs<typeof options>>['values'];

/** `request`: creates upload links as one file, and later shows which of them were used. */
export const requestCommand: Command = {
  help: `request oss://bucket/prefix/ --slots N   print an upload request: links that each take one file, as JSON
request --check FILE          show which slots of an upload request were filled

${linkOptionHelp}
  --slots N            number of slots, named by numbers
  --names A,B,C        slots with these names
  --content-type TYPE  Content-Type to send with each file
  --note TEXT          shown to anyone who opens the request
  --allow-overwrite    let a slot be filled again
${serverHelp}

The file is as secret as its links. The recipient needs no account: "waybill send FILE -" with a slot's URL.`,
  async run(args, context) {
    const isCheck = args.some((arg) => arg === '--check' || arg.startsWith('--check='));
    const { values, words } = readArgs(args, options, isCheck ? [] : ['oss://bucket/prefix/']);
    return values.check === undefined
      ? makeRequest(words[0] ?? '', values, context)
      : checkRequest(values.check, values, context);
  },
};

async function makeRequest(text: string, values: RequestValues, context: CommandContext): Promise<number> {
  const { bucket, key: prefix } = parseAddress(text);
  if (prefix !== '' && !prefix.endsWith('/')) throw new UsageError(sentence('cli.request.prefix'));
  const connection = await connect(values, context, bucket);
  const host = readLinkHost(values['link-host']);
  const { key: accessKey } = connection;
  const session = { accessKey, validUntil: accessKey.securityToken === null ? null : ('unknown' as const) };
  const contentType = values['content-type'];
  const { request } = createUploadRequest(connection, session, {
    ...{ bucket, prefix, slots: readSlots(values), note: values.note },
    options: {
      ...readLifetime(values),
      ...{ host, fileName: null, open: null },
      upload: {
        forbidOverwrite: values['allow-overwrite'] === true ? undefined : true,
        ...(contentType === undefined ? {} : { contentType }),
      },
    },
  });
  warnOfHost(connection, { endpoint: linkEndpoint(connection, host) }, context);
  await context.out.answer(JSON.stringify(request, null, values.json === true ? 0 : 2));
  return 0;
}

function readSlots({ slots, names }: RequestValues): { count: number } | { names: string[] } {
  if ((slots === undefined) === (names === undefined))
    throw new UsageError(sentence('cli.either', { first: '--slots', second: '--names' }));
  if (names !== undefined) return { names: names.split(',').map((name) => name.trim()) };
  return { count: readNumber(slots ?? '', '--slots', 1, 10_000) };
}

async function checkRequest(file: string, values: RequestValues, context: CommandContext): Promise<number> {
  const request = readUploadRequest(await withFileErrors(file, readFile(file, 'utf8')));
  const states = await checkUploadRequest(await connect(values, context, request.bucket), request, context.signal);
  for (const state of states) {
    await context.out.answer(values.json === true ? JSON.stringify(toJson(state)) : lineOf(state));
  }
  return states.every(({ state }) => state === 'filled') ? 0 : 1;
}

function toJson(state: SlotState): object {
  return state.state === 'filled' ? { ...state, lastModified: isoTime(state.lastModified) } : state;
}

function lineOf(state: SlotState): string {
  const name = escapeControls(state.name);
  if (state.state === 'empty') return `empty   ${name}`;
  const { sizeBytes, crc64, lastModified, older } = state;
  const size = `${sizeBytes ?? '?'} bytes, CRC-64 ${crc64 ?? 'unknown'}, ${isoTime(lastModified)}`;
  return `filled  ${name}  ${size}${older ? ' (older than the request)' : ''}`;
}
