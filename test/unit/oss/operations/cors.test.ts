import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import type { Connection } from '../../../../main/oss/connection.ts';
import { getBucketCors, putBucketCors } from '../../../../main/oss/operations/cors.ts';
import { closeServers, failureOf, makeServer } from '../scripted-server.ts';

afterEach(closeServers);

/** A server whose CORS document is what was put, byte for byte. */
function keeper(document: string): Promise<Connection> & { readonly stored: () => string } {
  let stored = document;
  const answer: RequestListener = (request, response) => {
    if (request.method === 'GET') return void response.end(stored);
    void text(request).then((body) => {
      stored = body;
      response.end();
    });
  };
  return Object.assign(makeServer(answer), { stored: () => stored });
}

const RULE = '<AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>';

test('what Waybill does not know is written back as it was read', async () => {
  const rule = `<CORSRule>${RULE}<MaxAgeSeconds>5</MaxAgeSeconds><ID>a&amp;b </ID><Deep><One>1</One><One/></Deep></CORSRule>`;
  const server = keeper(`<CORSConfiguration>${rule}<ResponseVary>true</ResponseVary><New>x</New></CORSConfiguration>`);
  const connection = await server;
  const before = server.stored();
  const cors = await getBucketCors(connection, 'my-bucket');
  if (cors === null) throw new Error('no rules');
  await putBucketCors(connection, 'my-bucket', cors);
  expect(server.stored().replace(/^<\?xml.*\n/, '')).toBe(before.replace('<One/>', '<One></One>'));
});

test.each([
  ['an attribute', `<CORSRule><AllowedOrigin scope="x">*</AllowedOrigin></CORSRule>`],
  ['an attribute of a rule', `<CORSRule id="1">${RULE}</CORSRule>`],
  ['an attribute of something unknown', `<CORSRule>${RULE}<New kind="1"/></CORSRule>`],
  ['text beside elements', `<CORSRule>text${RULE}</CORSRule>`],
  ['text beside unknown elements', `<CORSRule>${RULE}</CORSRule><New>a<B>b</B></New>`],
  ['elements within a text', `<CORSRule><AllowedOrigin><Any/></AllowedOrigin></CORSRule>`],
  ['a time twice', `<CORSRule>${RULE}<MaxAgeSeconds>1</MaxAgeSeconds><MaxAgeSeconds>2</MaxAgeSeconds></CORSRule>`],
  ['a time that is no number', `<CORSRule>${RULE}<MaxAgeSeconds>1e3</MaxAgeSeconds></CORSRule>`],
  ['an unknown ResponseVary', `<CORSRule>${RULE}</CORSRule><ResponseVary>maybe</ResponseVary>`],
])('%s is refused rather than lost', async (_, inner) => {
  const connection = await keeper(`<CORSConfiguration>${inner}</CORSConfiguration>`);
  const failure = await failureOf(getBucketCors(connection, 'my-bucket'));
  expect(failure).toMatchObject({ kind: 'oss', cause: 'malformed' });
});

test('a namespace is no loss', async () => {
  const connection = await keeper(
    `<CORSConfiguration xmlns="http://doc.oss-cn-hangzhou.aliyuncs.com"><CORSRule>${RULE}</CORSRule></CORSConfiguration>`,
  );
  expect((await getBucketCors(connection, 'my-bucket'))?.rules).toHaveLength(1);
});

test('who may not read or write the rules is told which right is missing', async () => {
  const denied = '<Error><Code>AccessDenied</Code><Message>no</Message><RequestId>1</RequestId></Error>';
  const connection = await makeServer((_request, response) => void response.writeHead(403).end(denied));
  const rules = { rules: [], responseVary: null, others: [] };
  expect(await failureOf(getBucketCors(connection, 'my-bucket'))).toMatchObject({ needs: 'oss:GetBucketCors' });
  expect(await failureOf(putBucketCors(connection, 'my-bucket', rules))).toMatchObject({ needs: 'oss:PutBucketCors' });
});
