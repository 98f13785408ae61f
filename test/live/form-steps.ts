import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { request } from 'undici';
import { type FormRequest, formSessionPolicy, issueForm } from '../../main/links/forms/issue-form.ts';
import { headObject } from '../../main/oss/operations/objects.ts';
import type { AccessKey } from '../../main/oss/connection.ts';
import { bucketUrl } from '../../main/oss/endpoint.ts';
import type { FormField } from '../../main/oss/signing/post-policy.ts';
import { type Opened, told } from './link-steps.ts';
import type { Place } from './place.ts';
import { assume } from './session-steps.ts';

/** Sends a form as any client does, without Waybill's own code. */
export async function sendForm(
  { bucket, connection }: Place,
  fields: readonly FormField[],
  file: string | Buffer = 'content',
): Promise<Opened> {
  const boundary = randomBytes(16).toString('hex');
  const parts = fields.map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="mine.html"\r\nContent-Type: text/html\r\n\r\n`;
  const body = Buffer.concat([
    Buffer.from(parts.join('') + head),
    Buffer.from(file),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  const { origin, path } = bucketUrl(connection.endpoint, bucket, null);
  const reply = await request(origin + path, {
    ...{ method: 'POST', body, dispatcher: connection.dispatcher },
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  });
  return told(reply.statusCode, reply.headers, await reply.body.text());
}

/** A form below the place. */
function formOf({ bucket, prefix }: Place, changes: Partial<FormRequest> = {}): FormRequest {
  return {
    ...{ bucket, prefix: `${prefix}form/`, slots: null, forbidOverwrite: true, expiresSeconds: 300 },
    ...{ sizeBytes: { min: 1, max: 1024 }, contentTypes: ['image/png', 'text/plain'] },
    ...changes,
  };
}

/** The fields of a form, but for key and type. */
async function fieldsOf(place: Place, form: FormRequest, key?: AccessKey): Promise<readonly FormField[]> {
  const { connection } = place;
  const session = { accessKey: key ?? (await connection.accessKey()), validUntil: null };
  return issueForm(connection, session, form).form.fields;
}

/** Forms of every kind, sent and refused. */
export async function formSteps(place: Place): Promise<void> {
  const { steps, prefix, bucket, connection } = place;
  const key: FormField = ['key', `${prefix}form/a é+ .txt`];
  const type: FormField = ['x-oss-content-type', 'text/plain'];
  const refused = async (fields: readonly FormField[], file?: string) => {
    const { status, refusal } = await sendForm(place, fields, file);
    return [status, refusal.Code];
  };
  await steps.run(`${prefix}form below a prefix, with type, size, ACL and no overwriting`, async () => {
    const fields = await fieldsOf(place, formOf(place));
    const sent = await sendForm(place, [key, ...fields, type]);
    assert.deepEqual({ status: sent.status, ...sent.refusal }, { status: 200 });
    const { httpHeaders } = await headObject(connection, { bucket, key: key[1] });
    assert.deepEqual([httpHeaders['content-type'], httpHeaders['content-disposition']], ['text/plain', 'attachment']);
    assert.deepEqual(await refused([key, ...fields, type]), [409, 'FileAlreadyExists']);
  });
  await steps.run(`${prefix}form refused for another key, type, size and ACL`, async () => {
    const fields = await fieldsOf(place, formOf(place));
    const other: FormField = ['key', `${prefix}form/other`];
    const isPublic = fields.map(([name, value]): FormField => [
      name,
      name === 'x-oss-object-acl' ? 'public-read' : value,
    ]);
    assert.deepEqual(await refused([['key', `${prefix}elsewhere`], ...fields, type]), [403, 'AccessDenied']);
    assert.deepEqual(await refused([other, ...fields, ['x-oss-content-type', 'text/html']]), [403, 'AccessDenied']);
    assert.deepEqual(await refused([other, ...fields]), [403, 'AccessDenied']);
    assert.deepEqual(await refused([other, ...isPublic, type]), [403, 'AccessDenied']);
    assert.deepEqual(await refused([other, ...fields, type], 'x'.repeat(1025)), [400, 'EntityTooLarge']);
    assert.deepEqual(await refused([other, ...fields, type], ''), [400, 'EntityTooSmall']);
  });
  await steps.run(`${prefix}form for two slots`, async () => {
    const fields = await fieldsOf(place, formOf(place, { slots: { names: ['one', 'two'] }, contentTypes: [] }));
    const to = (name: string) => sendForm(place, [['key', `${prefix}form/${name}`], ...fields]);
    assert.equal((await to('one')).status, 200);
    assert.equal((await to('two')).status, 200);
    assert.equal((await to('three')).status, 403);
  });
  await steps.run(`${prefix}form signed by a session of its own, with tags and a storage class`, async () => {
    const form = formOf(place, { tags: { of: 'form' }, storageClass: 'IA', contentTypes: [] });
    const fields = await fieldsOf(place, form, await assume(place, formSessionPolicy(form)));
    const sent = await sendForm(place, [['key', `${prefix}form/by session`], ...fields]);
    assert.deepEqual({ status: sent.status, ...sent.refusal }, { status: 200 });
    const { storageClass, tagCount } = await headObject(connection, { bucket, key: `${prefix}form/by session` });
    assert.deepEqual({ storageClass, tagCount }, { storageClass: 'IA', tagCount: 1 });
  });
}
