import { Agent } from 'undici';
import { expect, test } from 'vitest';
import {
  createUploadRequest,
  planUploadRequest,
  type UploadRequestOptions,
} from '../../../../main/links/making/upload-request.ts';
import { type Connection, ServerClock } from '../../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../../main/oss/endpoint.ts';

const now = Date.UTC(2026, 10, 24, 12);
const connection: Connection = {
  endpoint: parseEndpoint('oss-cn-hangzhou.aliyuncs.com'),
  region: 'cn-hangzhou',
  signVersion: 'v4',
  accessKey: () => Promise.reject(new Error('a plan signs nothing')),
  dispatcher: new Agent(),
  clock: new ServerClock(() => now),
};

function plan(fields: Partial<UploadRequestOptions>) {
  const options = { expiresSeconds: 3600, fileName: null, open: null };
  const asked = { bucket: 'samples', prefix: 'in/', slots: { names: ['a.pdf'] }, options, ...fields };
  const { validity, problems, warnings } = planUploadRequest(connection, null, asked);
  return { validity, problems: problems.map(({ field, rule }) => [field, rule]), warnings };
}

const validity = { validUntil: now + 3_600_000, limitedBy: 'expiry', sessionEndUnknown: false };
const warnings = ['overwrite-with-versions'];

test('a request whose links can be signed has no problems', () => {
  expect(plan({})).toEqual({ validity, problems: [], warnings });
});

test('slots that cannot be are told together with what is wrong with the links', () => {
  const tags = { '': 'x' };
  const options = { expiresSeconds: 3600, fileName: null, open: null, upload: { tags } };
  expect(plan({ slots: { names: [] }, options })).toEqual({
    validity,
    problems: [
      ['x-oss-tagging', 'tag-name'],
      ['slots', 'slot-count'],
    ],
    warnings,
  });
  expect(plan({ options }).problems).toEqual([['x-oss-tagging', 'tag-name']]);
});

test('a slot takes the type of its name, unless the request names one', () => {
  const session = {
    accessKey: { accessKeyId: 'id', accessKeySecret: 'secret', securityToken: null },
    validUntil: null,
  };
  const types = (upload?: { readonly contentType: string }) => {
    const options = { expiresSeconds: 3600, fileName: null, open: null, upload };
    const asked = { bucket: 'samples', prefix: 'in/', slots: { names: ['a.pdf', 'photos/b.jpg', 'README'] }, options };
    const { request } = createUploadRequest(connection, session, asked);
    return request.slots.map(({ headers }) => headers['content-type'] ?? headers['Content-Type'] ?? null);
  };
  expect(types()).toEqual(['application/pdf', 'image/jpeg', null]);
  expect(types({ contentType: 'text/x-any' })).toEqual(['text/x-any', 'text/x-any', 'text/x-any']);
});
