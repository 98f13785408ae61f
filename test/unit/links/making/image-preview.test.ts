import { afterEach, expect, test } from 'vitest';
import { previewImage } from '../../../../main/links/making/image-preview.ts';
import { closeServers, failureOf, makeServer } from '../../oss/scripted-server.ts';

afterEach(closeServers);

const object = { bucket: 'samples', key: 'harbour.png' };
const MAX_BYTES = 8 * 1024 ** 2;

test('OSS is asked to process the image, and what it answers is shown', async () => {
  const asked: string[] = [];
  const connection = await makeServer((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('content-type', 'image/webp').write('one');
    response.end('two');
  });
  const { contentType, bytes } = await previewImage(connection, object, 'image/format,webp');
  expect([contentType, Buffer.from(bytes).toString()]).toEqual(['image/webp', 'onetwo']);
  expect(asked).toEqual(['/samples/harbour.png?x-oss-process=image%2Fformat%2Cwebp']);
});

test('8 MiB are shown, one byte more is too large', async () => {
  let size = MAX_BYTES;
  const connection = await makeServer((_request, response) => {
    response.on('error', () => undefined).end(Buffer.alloc(size));
  });
  expect((await previewImage(connection, object, 'image/info')).bytes).toHaveLength(MAX_BYTES);
  size += 1;
  expect(await failureOf(previewImage(connection, object, 'image/info'))).toEqual({
    kind: 'input',
    field: 'process',
    rule: 'preview-too-large',
    limit: String(MAX_BYTES),
  });
});
