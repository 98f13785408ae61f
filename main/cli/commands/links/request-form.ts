import { ticketPolicy } from '../../../accounts/sts/policy.ts';
import { WaybillError } from '../../../failure.ts';
import { formatForm, formJson, type FormTextFormat, newFormKey } from '../../../links/forms/form-formats.ts';
import { type FormRequest, formSessionPolicy, issueForm, type UploadForm } from '../../../links/forms/issue-form.ts';
import { formProblems } from '../../../links/forms/form-limits.ts';
import { linkEndpoint } from '../../../links/making/link-host.ts';
import { renderDropPage } from '../../../links/pages/drop-page.ts';
import { checkNotEnded } from '../../../links/revoking/still-ended.ts';
import { sourceOf } from '../../../links/pages/page-template.ts';
import { MAX_PAGE_UPLOADS, type PageUploads, prepareUploads } from '../../../links/pages/prepare-uploads.ts';
import { endTicket } from '../../../links/tickets/end-ticket.ts';
import { issueTicket } from '../../../links/tickets/issue-ticket.ts';
import { ticketParts } from '../../../links/tickets/ticket-parts.ts';
import type { UploadTicket } from '../../../links/tickets/ticket.ts';
import type { LinkValidity } from '../../../links/making/validity.ts';
import { MAX_PUT_BYTES } from '../../../oss/limits.ts';
import { escapeControls } from '../../../words/controls.ts';
import { formatBytes } from '../../../words/format.ts';
import type { Address } from '../../arguments/address.ts';
import { choiceError, type CommandContext, UsageError } from '../../arguments/command.ts';
import { connect, type EnvironmentConnection, warnOfHost } from '../../arguments/connect.ts';
import { readLifetime, readLinkHost } from '../../arguments/link-options.ts';
import { readBytes, readNumber, readPairs } from '../../arguments/options.ts';
import { formAcls, formFormats, readStorageClass, type RequestValues } from '../../arguments/request-options.ts';
import { readRole } from '../../arguments/role-options.ts';
import { signingSession } from '../../arguments/signing-session.ts';
import { askVersioning, warnOfVersions } from '../../arguments/versions-warning.ts';
import { warnOfCors } from '../../pages/page-cors.ts';
import { isoTime } from '../../terminal/output.ts';
import { sentences, text as sentence } from '../../terminal/sentences.ts';

/** Names below the prefix, or null for any. */
type Slots = FormRequest['slots'];

/** What --large prepares; null without it. */
type Large = PageUploads | null;

/** `request --form`: a signed form that uploads files from any client, within limits. */
export async function requestForm(
  { bucket, key: prefix }: Address,
  values: RequestValues,
  slots: Slots,
  context: CommandContext,
): Promise<number> {
  const format = readFormat(values);
  const request = readRequest({ bucket, prefix, slots }, values);
  const [problem] = formProblems(request);
  if (problem !== undefined) throw new WaybillError(problem);
  const large = readLarge(values);
  // Before anything is asked.
  if (values['role-arn'] !== undefined) readRole(values);
  const connection = await connect(values, context, bucket);
  // Before anything is signed: the answer shows that the clock, the key and the bucket are right.
  const versioning = await askVersioning(connection, bucket, context);
  const policy = (): string => formSessionPolicy(request);
  const session = await signingSession(connection, values, { lifetime: request, policy });
  const { form, validity } = issueForm(connection, session, request);
  // Before anything is changed for a page that can't be handed out.
  if (format === 'html') sourceOf(form.action, 'drop');
  const { accessKeyId } = session.accessKey;
  await checkNotEnded(connection, { bucket, keys: form.keys, accessKeyId }, context.signal);
  const key = newFormKey(form, connection.clock.now());
  sayIdentity(connection, { form, acl: request.acl }, values, context);
  await warnOfPageCors(connection, form, values, context);
  if (form.forbidsOverwrite) warnOfVersions(versioning, form, `cli.form.versions.${form.keys.kind}`, context);
  warnOfHost(connection, { endpoint: linkEndpoint(connection, request.host) }, context);
  const tickets = await largeUploads(connection, form, { large, request, values, context });
  const written =
    format === 'html'
      ? (await renderDropPage(form, tickets)).trimEnd()
      : textOf(form, { format, key, isCompact: values.json === true });
  if (format === 'html') sayPage(form, tickets, context);
  else sayUse(form, key, context);
  if (form.keys.kind === 'prefix' && prefix === '') context.out.say(sentence('cli.form.whole-bucket', { bucket }));
  sayEnd(validity, context);
  await context.out.answer(written);
  return 0;
}

function readFormat({ form, json, large, slots, names }: RequestValues): (typeof formFormats)[number] {
  const format = formFormats.find((one) => one === form);
  if (format === undefined) throw choiceError('--form', formFormats);
  if (large !== undefined && format !== 'html') {
    throw new UsageError(sentence('cli.requires', { option: '--large', other: '--form html' }));
  }
  const named = slots !== undefined ? '--slots' : names !== undefined ? '--names' : null;
  if (large !== undefined && named !== null) {
    throw new UsageError(sentence('cli.incompatible', { option: '--large', other: named }));
  }
  if (json !== true || format === 'json') return format;
  throw new UsageError(sentence('cli.requires', { option: '--json', other: '--form json' }));
}

function textOf(
  form: UploadForm,
  { format, key, isCompact }: { readonly format: FormTextFormat; readonly key: string; readonly isCompact: boolean },
): string {
  return isCompact ? JSON.stringify(formJson(form, key)) : formatForm(form, format, key);
}

function readRequest(place: Pick<FormRequest, 'bucket' | 'prefix' | 'slots'>, values: RequestValues): FormRequest {
  if (values['content-type'] !== undefined) {
    throw new UsageError(sentence('cli.incompatible', { option: '--content-type', other: '--form' }));
  }
  const tags = readPairs(values.tag ?? [], '=', '--tag');
  return {
    ...place,
    ...readLifetime(values),
    host: readLinkHost(values['link-host']),
    sizeBytes: {
      min: values['min-size'] === undefined ? 1 : readBytes(values['min-size'], '--min-size'),
      max: values['max-size'] === undefined ? MAX_PUT_BYTES : readBytes(values['max-size'], '--max-size'),
    },
    contentTypes: values.types === undefined ? [] : values.types.split(',').map((type) => type.trim()),
    forbidOverwrite: values['allow-overwrite'] !== true,
    acl: readAcl(values.acl),
    attachment: values.inline !== true,
    ...(Object.keys(tags).length === 0 ? {} : { tags }),
    storageClass: readStorageClass(values['storage-class']),
    note: values.note,
  };
}

function readAcl(text: string | undefined): FormRequest['acl'] {
  if (text === undefined || text === 'private' || text === 'default') return text;
  if (text === 'none') return null;
  throw choiceError('--acl', formAcls);
}

const LARGE_SIZE = '50G';

function readLarge({ large, size }: RequestValues): Large {
  if (large === undefined) return null;
  const sizeBytes = readBytes(size ?? LARGE_SIZE, '--size');
  ticketParts(sizeBytes);
  return { count: readNumber(large, '--large', 1, MAX_PAGE_UPLOADS), sizeBytes };
}

/** The uploads of --large. */
async function largeUploads(
  connection: EnvironmentConnection,
  form: UploadForm,
  parts: { large: Large; request: FormRequest; values: RequestValues; context: CommandContext },
): Promise<readonly UploadTicket[]> {
  const { large, request, values, context } = parts;
  if (large === null) return [];
  return prepareUploads(form, large, request, {
    start: async (upload) => {
      const policy = (): string => ticketPolicy(upload);
      const session = await signingSession(connection, values, { lifetime: upload, policy });
      return (await issueTicket(connection, session, upload, context.signal)).ticket;
    },
    end: (ticket) => endTicket(connection, ticket),
    now: () => connection.clock.now(),
  });
}

/** Browsers alone ask for rules: of other forms only who says so learns of them. */
async function warnOfPageCors(
  connection: EnvironmentConnection,
  { bucket, action }: UploadForm,
  values: RequestValues,
  context: CommandContext,
): Promise<void> {
  if (values.form !== 'html' && values.cors === undefined) return;
  const cors = values.cors === 'add' ? 'add' : null;
  const uses = values.large === undefined ? 'upload' : 'upload-in-parts';
  await warnOfCors(connection, { bucket, action, uses, cors }, context);
}

/** Says what it means that the form is signed with the credentials of the environment, or which rights a role needs. */
function sayIdentity(
  { session }: EnvironmentConnection,
  { form, acl }: { readonly form: UploadForm; readonly acl: FormRequest['acl'] },
  values: RequestValues,
  { out }: CommandContext,
): void {
  if (values['role-arn'] !== undefined) {
    if (acl !== null) out.say(sentence('cli.form.acl'));
  } else if (form.signedBy === 'session') out.say(sentence('cli.form.session'));
  else out.say(sentence('cli.form.key', { id: session.accessKey.accessKeyId }));
}

/** Says what the person who gets the form fills in, and what the limits don't limit. */
function sayUse({ keys, contentTypes, forbidsOverwrite }: UploadForm, key: string, { out }: CommandContext): void {
  if (keys.kind === 'prefix') out.say(sentence('cli.form.prefix', { key: escapeControls(key) }));
  else if (keys.keys.length > 1 || !forbidsOverwrite) {
    out.say(sentence('cli.form.slots', { count: keys.keys.length, key: escapeControls(key) }));
  }
  const [type, ...others] = contentTypes;
  if (type !== undefined && others.length > 0) out.say(sentence('cli.form.types', { type }));
}

/** Says how much a page lets in, and what the uploads cost that were prepared for it. */
function sayPage({ keys }: UploadForm, tickets: readonly UploadTicket[], { out }: CommandContext): void {
  if (keys.kind === 'prefix') out.say(sentence('cli.form.page.prefix'));
  else out.say(sentence('cli.form.page.slots', { count: keys.keys.length }));
  const size = formatBytes(tickets[0]?.sizeBytes ?? 0, sentences.locale);
  if (tickets.length === 0) return;
  out.say(sentence('cli.form.page.large', { count: tickets.length, size }));
  out.say(sentence('cli.form.page.large-limits'));
}

function sayEnd({ validUntil, limitedBy }: LinkValidity, { out }: CommandContext): void {
  if (limitedBy === 'session') out.say(sentence('cli.form.limited.session'));
  if (limitedBy === 'v4-limit') out.say(sentence('cli.form.limited.week'));
  out.say(sentence('cli.valid-until', { moment: isoTime(validUntil) }));
}
