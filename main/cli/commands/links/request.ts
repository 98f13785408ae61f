import { checkUploadRequest, createUploadRequest, type SlotState } from '../../../links/making/upload-request.ts';
import { linkEndpoint } from '../../../links/making/link-host.ts';
import { isTicket } from '../../../links/tickets/ticket-urls.ts';
import { isFormFile } from '../../../links/receiving/form-file.ts';
import { readUploadRequest } from '../../../links/receiving/upload-request-file.ts';
import { parseAddress } from '../../arguments/address.ts';
import { type Command, type CommandContext, UsageError } from '../../arguments/command.ts';
import { connect, warnOfHost } from '../../arguments/connect.ts';
import { readLifetime, readLinkHost } from '../../arguments/link-options.ts';
import { readArgs, readNumber } from '../../arguments/options.ts';
import { formOptionTable, requestOptions, type RequestValues } from '../../arguments/request-options.ts';
import { checkForm, endFormFile, reopenFormFile, readRequestFile } from '../../pages/form-file.ts';
import { readCorsOption, removePageCors } from '../../pages/page-cors.ts';
import { escapeControls } from '../../../words/controls.ts';
import { isoTime, storedText } from '../../terminal/output.ts';
import { text as sentence } from '../../terminal/sentences.ts';
import { requestForm } from './request-form.ts';
import { checkTicketFile, endTicketFile, renewTicketFile, requestTicket } from './request-ticket.ts';

/** `request`: creates upload links as one file, and later shows which of them were used; or a form for any client. */
export const requestCommand: Command = {
  usage: {
    forms: [
      ['request oss://bucket/prefix/ --slots N', 'print an upload request: links that each take one file, as JSON'],
      ['request oss://bucket/prefix/ --form FORMAT', 'print a form that uploads files from any client, within limits'],
      [
        'request oss://bucket/key --ticket --size SIZE',
        'start an upload and print a ticket for it: one file of any size, in parts',
      ],
      ['request --renew TICKET', 'print another ticket for the same upload; parts that were sent stay'],
      [
        'request --check FILE',
        'show which slots of an upload request were filled, what arrived by a form, or what became of a ticket',
      ],
      [
        'request --end FILE',
        "end a form before it expires, by a statement of the bucket's policy, or a ticket, by aborting its upload",
      ],
      ['request --end FILE --undo', 'take that statement away again'],
      ['request oss://bucket --cors remove', 'take away the CORS rule that pages need'],
    ],
    about: [
      'What is printed is as secret as a password: anyone who has it can upload until it expires. The recipient needs no account: "waybill send FILE -" with a slot\'s URL, "waybill send FILE TICKET", or the line of a form.',
    ],
    words: ['address'],
    options: requestOptions,
    examples: [
      {
        line: 'waybill request oss://documents/inbox/ --names report,invoice --expires 3d > request.json',
        meaning: 'Links for two files',
      },
      { line: 'waybill request --check request.json', meaning: 'Which of them arrived' },
      {
        line: 'waybill request oss://documents/inbox/ --form html --max-size 20M --expires 1d > drop.html',
        meaning: 'A page on which anyone drops files',
      },
      {
        line: 'waybill request oss://documents/video.mp4 --ticket --size 60G > ticket.json',
        meaning: 'A ticket for one large file',
      },
    ],
  },
  async run(args, context) {
    const isOfFile = args.some((arg) => /^--(?:check|end|renew)(?:=|$)/.test(arg));
    const { values, words } = readArgs(args, requestOptions, isOfFile ? [] : ['oss://bucket/prefix/']);
    if (values.renew !== undefined) return renewTicketFile(values, context);
    checkRequired(values);
    if (values.end !== undefined) return endFile(values.end, values, context);
    if (values.ticket === true) return requestTicket(words[0] ?? '', values, context);
    if (readCorsOption(values.cors) === 'remove') {
      const other = ['form', 'slots', 'names'].find((name) => Object.hasOwn(values, name));
      if (other !== undefined) {
        throw new UsageError(sentence('cli.incompatible', { option: '--cors remove', other: `--${other}` }));
      }
      const { bucket } = parseAddress(words[0] ?? '');
      return removePageCors(await connect(values, context, bucket), bucket, context);
    }
    if (values.form === undefined) checkNoFormOption(values);
    return values.check === undefined
      ? makeRequest(words[0] ?? '', values, context)
      : checkRequest(values.check, values, context);
  },
};

async function makeRequest(text: string, values: RequestValues, context: CommandContext): Promise<number> {
  const address = parseAddress(text);
  const { bucket, key: prefix } = address;
  if (prefix !== '' && !prefix.endsWith('/')) throw new UsageError(sentence('cli.request.prefix'));
  if (values.form !== undefined) {
    const isOpen = values.slots === undefined && values.names === undefined;
    return requestForm(address, values, isOpen ? null : readSlots(values), context);
  }
  const connection = await connect(values, context, bucket);
  const host = readLinkHost(values['link-host']);
  const contentType = values['content-type'];
  const { request } = createUploadRequest(connection, connection.session, {
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

async function endFile(file: string, values: RequestValues, context: CommandContext): Promise<number> {
  const text = await readRequestFile(file);
  if (values.undo === true) return reopenFormFile(text, values, context);
  return isTicket(text) ? endTicketFile(text, values, context) : endFormFile(text, values, context);
}

/** Options that mean nothing without another one, whatever the command line asks for. */
function checkRequired({ end, undo, ticket, size, large }: RequestValues): void {
  const wanting = [
    ['undo', 'end', undo === true && end === undefined],
    ['size', 'ticket', size !== undefined && ticket !== true && large === undefined],
  ] as const;
  const [option, other] = wanting.find(([, , isWanting]) => isWanting) ?? [];
  if (option === undefined) return;
  throw new UsageError(sentence('cli.requires', { option: `--${option}`, other: `--${other}` }));
}

function checkNoFormOption(values: RequestValues): void {
  const given = [...Object.keys(formOptionTable), 'cors'].find((name) => Object.hasOwn(values, name));
  if (given === undefined) return;
  throw new UsageError(sentence('cli.requires', { option: `--${given}`, other: '--form' }));
}

function readSlots({ slots, names }: RequestValues): { count: number } | { names: string[] } {
  if ((slots === undefined) === (names === undefined))
    throw new UsageError(sentence('cli.either', { first: '--slots', second: '--names' }));
  if (names !== undefined) return { names: names.split(',').map((name) => name.trim()) };
  return { count: readNumber(slots ?? '', '--slots', 1, 10_000) };
}

async function checkRequest(file: string, values: RequestValues, context: CommandContext): Promise<number> {
  const text = await readRequestFile(file);
  if (isTicket(text)) return checkTicketFile(text, values, context);
  if (isFormFile(text)) return checkForm(text, values, context);
  const request = readUploadRequest(text);
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
  return `filled  ${name}  ${storedText(state)}, ${isoTime(state.lastModified)}${state.older ? ' (older than the request)' : ''}`;
}
