// Files of links that strangers send, and what servers answer: each is read, or refused in words.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toFailure } from '../../main/failure.ts';
import { ReceivedFiles } from '../../main/links/receiving/received-files.ts';
import { formsOf } from '../../main/oss/exchange/echoes.ts';
import { readOssError } from '../../main/oss/exchange/errors.ts';
import { altered, anyText, fuzz, mangled } from './runs.ts';

const url =
  'https://photos.oss-cn-hangzhou.aliyuncs.com/a.jpg?OSSAccessKeyId=LTAI&Expires=1795500000&Signature=MDEyMzQ1Njc4OTAxMjM0NTY3ODk%3D';
const head = '"version":1,"madeAt":"2026-11-24T00:00:00Z","validUntil":"2026-11-25T00:00:00Z","bucket":"photos"';
const note = Buffer.from('{"v":1,"m":"PUT"}').toString('base64url');
const manifest = `{"waybill":"share",${head},"objects":[{"path":"a","sizeBytes":1,"crc64":null,"versionId":null,"url":"${url}"}]}`;
const request = `{"waybill":"upload-request",${head},"slots":[{"name":"a","key":"a.jpg","method":"PUT","headers":{},"url":"${url}#waybill=${note}"}]}`;

test.each([
  ['manifests', manifest],
  ['upload requests', request],
] as const)('%s are opened as what they say, or refused as input', async (target, file) => {
  expect(new ReceivedFiles().open(file)).toMatchObject({ bucket: 'photos' });
  const any = fc.oneof(anyText, mangled(fc.constant(file)), altered([JSON.parse(file) as object]));
  await fuzz(
    target,
    fc.property(any, (text) => {
      try {
        const card = new ReceivedFiles().open(text);
        if (card?.server?.bucket != null) expect(card.server.bucket).toBe(card.bucket);
      } catch (error) {
        expect(toFailure(error).kind).toBe('input');
      }
    }),
  );
});

const secret = 'CAISv8A+/bZ3xQ9tLw0eRkY5uJm2sHn7dPg4fVc1oWi6==';
const reply = `<Error><Code>AccessDenied</Code><Message>${secret}</Message><RequestId>65F0</RequestId><EC>0003-00000001</EC><Endpoint>oss-cn-hangzhou.aliyuncs.com</Endpoint></Error>`;

test('an error reply has fields of their form, and no secret of its request', async () => {
  await fuzz(
    'error replies',
    fc.property(fc.oneof(anyText, mangled(fc.constant(reply))), anyText, (body, header) => {
      const headers = { 'x-oss-request-id': header, 'x-oss-ec': header, 'retry-after': header, date: header };
      const error = readOssError({ status: 403, headers, body, secrets: formsOf([secret]) });
      expect(error.code).toMatch(/^[\w.-]{1,64}$/);
      expect(error.requestId ?? 'none').toMatch(/^[\w-]{1,64}$/);
      expect(error.ec ?? '0000-00000000').toMatch(/^\d{4}-\d{8}$/);
      expect(JSON.stringify(error)).not.toContain(secret);
    }),
  );
});
