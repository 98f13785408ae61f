import { setTimeout as delay } from 'node:timers/promises';
import { isDenied, toFailure } from '../../failure.ts';
import { listArrived } from '../../links/pages/arrived.ts';
import { type FormFile, MAX_FORM_FILE_BYTES, readFormFile, uploadsOfPage } from '../../links/receiving/form-file.ts';
import type { Ended } from '../../links/revoking/deny-and-try.ts';
import { endForm, endingStatements, reopenForm } from '../../links/revoking/end-uploads.ts';
import { endOfDenial, signerOf } from '../../links/revoking/handed-form.ts';
import { policyEditor } from '../../links/revoking/policy-text.ts';
import { endTicket } from '../../links/tickets/end-ticket.ts';
import type { Connection } from '../../oss/connection.ts';
import { readText } from '../../local-files/read-text.ts';
import { formatBytes } from '../../words/format.ts';
import { escapeControls } from '../../words/controls.ts';
import type { CommandContext } from '../arguments/command.ts';
import { connect, type ServerValues } from '../arguments/connect.ts';
import { isoTime, storedText } from '../terminal/output.ts';
import { sentences, text as sentence } from '../terminal/sentences.ts';

interface FormValues extends ServerValues {
  readonly json?: boolean | undefined;
}

/** Reads a file that may hold a form, with a bound; what is longer is none. @throws WaybillError `file` */
export async function readRequestFile(path: string): Promise<string> {
  return (await readText(path, MAX_FORM_FILE_BYTES)) ?? '';
}

/** `request --check` of a form or page: lists what arrived. @returns 1 while a slot is empty */
export async function checkForm(text: string, values: FormValues, context: CommandContext): Promise<number> {
  const { out, signal } = context;
  const { bucket, keys, signedAt } = readFormFile(text);
  const connection = await connect(values, context, bucket);
  const { files, isCut, emptySlots } = await listArrived(connection, { bucket, keys, since: signedAt }, { signal });
  for (const { lastModified, sizeBytes, crc64, ...file } of files) {
    const time = isoTime(lastModified);
    const line = { ...file, sizeBytes, crc64, lastModified: time };
    // The name is the sender's word: one may call a file what belongs into another slot.
    const name = escapeControls(`${file.key}  ${JSON.stringify(file.name)}`);
    const size = storedText({ sizeBytes, crc64 });
    await out.answer(values.json === true ? JSON.stringify(line) : `${time}  ${size}  ${name}`);
  }
  const total = files.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0);
  out.say(sentence('cli.arrived.count', { count: files.length, size: formatBytes(total, sentences.locale) }));
  if (isCut) out.say(sentence('cli.arrived.cut'));
  if (signedAt === null) out.say(sentence('cli.arrived.undated'));
  if (emptySlots !== null && emptySlots > 0) out.say(sentence('cli.arrived.empty', { count: emptySlots }));
  return emptySlots !== null && emptySlots > 0 ? 1 : 0;
}

/** `request --end`: ends a form or page before its time. @returns 0 only if OSS was seen to refuse it, or it has expired */
export async function endFormFile(text: string, values: FormValues, context: CommandContext): Promise<number> {
  const { out, signal } = context;
  const form = readFormFile(text);
  const connection = await connect(values, context, form.bucket);
  const now = connection.clock.now();
  let isSaid = false;
  const denied = (): Promise<void> => {
    if (!isSaid) out.say(sentence('cli.end.waiting', { bucket: form.bucket }));
    isSaid = true;
    return Promise.resolve();
  };
  const wait = (ms: number): Promise<unknown> => delay(ms, undefined, { signal });
  // Uploads that can't be discarded are no reason not to deny the form.
  const failures: unknown[] = [];
  const discard = (): Promise<void> =>
    endUploads(connection, text, context).catch((error: unknown) => {
      failures.push(error);
    });
  const before = (): Promise<void> => {
    sayDenial(form, connection.clock.now(), context);
    return discard();
  };
  const parts = { editor: policyEditor(), wait, before, denied, signal };
  const ended = await endForm(connection, form, parts).catch((error: unknown) => {
    if (isDenied(toFailure(error))) sayStatements(form, now, context);
    throw error;
  });
  if (ended.kind === 'expired') await discard();
  out.say(messageOf(ended, form));
  const moment = isoTime(endOfDenial(form, now));
  if (ended.kind !== 'expired') out.say(sentence('cli.end.policy', { bucket: form.bucket, moment }));
  if (failures.length > 0) throw failures[0];
  return ended.kind === 'unconfirmed' ? 1 : 0;
}

/** Names what is about to be denied, to whom and until when: the file may come from anyone. */
function sayDenial(form: FormFile, now: number, { out }: CommandContext): void {
  const { bucket, keys } = form;
  const id = escapeControls(signerOf(form));
  const moment = isoTime(endOfDenial(form, now));
  if (keys.kind === 'prefix') {
    out.say(sentence('cli.end.denying', { bucket, place: escapeControls(`${keys.prefix}…`), id, moment }));
    return;
  }
  const place = escapeControls(keys.keys[0] ?? '');
  out.say(sentence('cli.end.denying.slots', { count: keys.keys.length, bucket, place, id, moment }));
}

/** Discards what a page has prepared for large files: others sign their parts, and it takes effect at once. */
async function endUploads(connection: Connection, text: string, { out }: CommandContext): Promise<void> {
  let count = 0;
  for (const upload of uploadsOfPage(text)) if (await endTicket(connection, upload)) count++;
  if (count > 0) out.say(sentence('cli.end.uploads', { count }));
}

/** `request --end --undo`: takes away the statement that ends a form. @returns the exit code */
export async function reopenFormFile(text: string, values: FormValues, context: CommandContext): Promise<number> {
  const { out, signal } = context;
  const form = readFormFile(text);
  const { bucket } = form;
  const connection = await connect(values, context, bucket);
  const { isWritten } = await reopenForm(connection, form, { editor: policyEditor(), signal });
  const moment = isoTime(form.validUntil);
  out.say(isWritten ? sentence('cli.end.undone', { bucket, moment }) : sentence('cli.end.none', { bucket }));
  if (isWritten && uploadsOfPage(text).length > 0) out.say(sentence('cli.end.uploads-gone'));
  return 0;
}

/** Who may not change the policy can ask someone who may. */
function sayStatements(form: FormFile, now: number, { out }: CommandContext): void {
  out.say(sentence('cli.end.paste', { bucket: form.bucket }));
  for (const statement of endingStatements(form, now)) out.say(escapeControls(JSON.stringify(statement)));
}

function messageOf(ended: Ended, { bucket }: FormFile): string {
  switch (ended.kind) {
    case 'ended':
      return sentence('cli.end.ended');
    case 'expired':
      return sentence('cli.end.expired');
    case 'unconfirmed':
      return sentence(`cli.end.${ended.why}`, { bucket });
    default:
      return ended satisfies never;
  }
}
