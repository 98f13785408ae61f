import type { Page } from 'playwright';
import { checkPageCors, type CorsCheck } from '../../main/links/pages/cors-check.ts';
import { pageCorsRule, withRuleFirst } from '../../main/links/pages/cors-rule.ts';
import { type CorsRule, deleteBucketCors, getBucketCors, putBucketCors } from '../../main/oss/operations/cors.ts';
import { expect, test } from './support/any-browser.ts';
import { connectTo } from './support/connection.ts';

// What Waybill finds out about a bucket must be what a page learns in a browser, which is the judge of it.

const bucket = 'waybill-samples';

interface Seen {
  /** 0: the browser told the page nothing. */
  readonly status: number;
  readonly requestId: string | null;
}

/** Sends a form with a wrong signature as pages do, with a listener for progress. */
function seenBy(page: Page, url: string): Promise<Seen> {
  return page.evaluate(
    (action) =>
      new Promise<Seen>((resolve) => {
        const form = new FormData();
        for (const name of ['key', 'OSSAccessKeyId', 'policy', 'Signature']) form.append(name, 'e30=');
        form.append('file', new Blob(['x']));
        const request = new XMLHttpRequest();
        request.upload.onprogress = () => undefined;
        request.onloadend = () => {
          resolve({ status: request.status, requestId: request.getResponseHeader('x-oss-request-id') });
        };
        request.open('POST', action);
        request.send(form);
      }),
    url,
  );
}

const bare: CorsRule = { ...pageCorsRule, exposeHeaders: [] };
const states: readonly (readonly [string, readonly CorsRule[], CorsCheck['kind']])[] = [
  ['no rule', [], 'no-rule'],
  ['a rule for another site', [{ ...pageCorsRule, allowedOrigins: ['https://a.example'] }], 'no-rule'],
  ['a rule that shows no headers', [bare], 'not-exposed'],
  ['Waybill’s rule behind such a rule', [bare, pageCorsRule], 'shadowed'],
  ['Waybill’s rule first', [pageCorsRule, bare], 'fits'],
];

for (const [title, rules, kind] of states) {
  test(`with ${title}, a page sees what Waybill says it will`, async ({ server, open }) => {
    const connection = connectTo(server);
    const url = `${server.endpoint}/${bucket}/`;
    if (rules.length === 0) await deleteBucketCors(connection, bucket);
    else await putBucketCors(connection, bucket, { rules, responseVary: null, others: [] });
    const { dispatcher } = connection;
    const check = await checkPageCors({
      url,
      methods: ['POST'],
      dispatcher,
      rules: () => getBucketCors(connection, bucket),
    });
    expect(check.kind).toBe(kind);
    for (const from of ['file', 'http'] as const) {
      const { page } = await open('<!doctype html><title>page</title>', from);
      const { status, requestId } = await seenBy(page, url);
      expect(status === 0, from).toBe(kind === 'no-rule');
      expect(requestId !== null, from).toBe(kind === 'fits');
    }
    await dispatcher.destroy();
  });
}

test('once the rule is put first, a page that saw nothing sees all', async ({ server, open }) => {
  const connection = connectTo(server);
  const url = `${server.endpoint}/${bucket}/`;
  await deleteBucketCors(connection, bucket);
  const { page } = await open('<!doctype html><title>page</title>', 'file');
  expect(await seenBy(page, url)).toEqual({ status: 0, requestId: null });
  await putBucketCors(connection, bucket, withRuleFirst(await getBucketCors(connection, bucket)));
  expect(await seenBy(page, url)).toMatchObject({ status: 403, requestId: expect.any(String) });
  await connection.dispatcher.destroy();
});
