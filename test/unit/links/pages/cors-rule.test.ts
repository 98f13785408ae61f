import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  corsRuleText,
  corsText,
  isPageRule,
  matchingRule,
  pageCorsRule,
  withoutRule,
  withRuleFirst,
} from '../../../../main/links/pages/cors-rule.ts';
import type { CorsConfiguration, CorsRule } from '../../../../main/oss/operations/cors.ts';

function rule(fields: Partial<CorsRule> = {}): CorsRule {
  return {
    allowedOrigins: ['https://a.example'],
    allowedMethods: ['GET'],
    allowedHeaders: [],
    exposeHeaders: [],
    maxAgeSeconds: null,
    others: [],
    ...fields,
  };
}

function cors(...rules: CorsRule[]): CorsConfiguration {
  return { rules, responseVary: true, others: [['Later', 'x']] };
}

test('the rule goes first, and the others stay behind it in their order', () => {
  const others = [rule(), rule({ allowedOrigins: ['*'] })];
  expect(withRuleFirst(cors(...others))).toEqual(cors(pageCorsRule, ...others));
  expect(withRuleFirst(null)).toEqual({ rules: [pageCorsRule], responseVary: null, others: [] });
});

test('a rule that stands elsewhere, or twice, is moved to the first place once', () => {
  expect(withRuleFirst(cors(rule(), pageCorsRule, rule(), pageCorsRule)).rules).toEqual([pageCorsRule, rule(), rule()]);
});

test('where it is first already, nothing changes', () => {
  const there = cors(pageCorsRule, rule());
  expect(withRuleFirst(there)).toBe(there);
  expect(withoutRule(cors(rule()))).toEqual(cors(rule()));
  expect(withoutRule(null)).toBeNull();
});

test('the earlier rule, which hid the server’s clock, is replaced and taken away like the present one', () => {
  const earlier = {
    ...pageCorsRule,
    exposeHeaders: ['ETag', 'x-oss-hash-crc64ecma', 'x-oss-request-id', 'x-oss-version-id'],
  };
  expect(isPageRule(earlier)).toBe(true);
  expect(withRuleFirst(cors(earlier, rule()))).toEqual(cors(pageCorsRule, rule()));
  expect(withoutRule(cors(rule(), earlier, pageCorsRule))).toEqual(cors(rule()));
});

test('without its last rule, a bucket has no configuration', () => {
  expect(withoutRule(cors(pageCorsRule))).toBeNull();
  expect(withoutRule(cors(rule(), pageCorsRule))).toEqual(cors(rule()));
});

test('whatever the other rules are, taking the rule away restores them', () => {
  const texts = fc.array(fc.string(), { maxLength: 3 });
  const rules = fc.array(
    fc.record<CorsRule>({
      allowedOrigins: texts,
      allowedMethods: fc.subarray(['GET', 'PUT', 'POST']),
      allowedHeaders: texts,
      exposeHeaders: texts,
      maxAgeSeconds: fc.option(fc.nat()),
      others: fc.array(fc.tuple(fc.constant('Unknown'), fc.string()), { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 9 },
  );
  fc.assert(
    fc.property(rules, fc.option(fc.boolean()), (list, responseVary) => {
      const before = { rules: list, responseVary, others: [] };
      expect(withoutRule(withRuleFirst(before))).toEqual(before);
    }),
  );
});

test('the rule is known again in another order and case, but not with another method', () => {
  const shuffled = {
    ...pageCorsRule,
    allowedMethods: ['GET', 'HEAD', 'PUT', 'POST'],
    exposeHeaders: ['etag', 'date', 'X-Oss-Request-Id', 'x-oss-version-id', 'x-oss-hash-crc64ecma'],
  };
  expect(isPageRule(shuffled)).toBe(true);
  expect(isPageRule({ ...pageCorsRule, allowedMethods: [...pageCorsRule.allowedMethods, 'DELETE'] })).toBe(false);
  expect(isPageRule({ ...pageCorsRule, others: [['ID', 'mine']] })).toBe(false);
});

test.each([
  ['null', 'POST', [], 1],
  ['https://a.example', 'GET', [], 0],
  ['https://x.b.example', 'GET', ['X-One'], 2],
  ['https://x.b.example', 'GET', ['y'], -1],
  ['https://a.example', 'DELETE', [], -1],
])('a request from %s with %s and headers %j meets rule %d', (origin, method, headers, index) => {
  const rules = cors(
    rule(),
    rule({ allowedOrigins: ['null'], allowedMethods: ['POST'] }),
    rule({ allowedOrigins: ['https://*.b.example'], allowedHeaders: ['x-*'] }),
  );
  expect(matchingRule(rules, { origin, method, headers })).toBe(index);
});

test('the rule is shown as in the documentation of OSS', () => {
  expect(corsRuleText(pageCorsRule)).toMatchInlineSnapshot(`
    "<CORSRule>
      <AllowedOrigin>*</AllowedOrigin>
      <AllowedMethod>POST</AllowedMethod>
      <AllowedMethod>PUT</AllowedMethod>
      <AllowedMethod>GET</AllowedMethod>
      <AllowedMethod>HEAD</AllowedMethod>
      <AllowedHeader>*</AllowedHeader>
      <ExposeHeader>Date</ExposeHeader>
      <ExposeHeader>ETag</ExposeHeader>
      <ExposeHeader>x-oss-hash-crc64ecma</ExposeHeader>
      <ExposeHeader>x-oss-request-id</ExposeHeader>
      <ExposeHeader>x-oss-version-id</ExposeHeader>
      <MaxAgeSeconds>600</MaxAgeSeconds>
    </CORSRule>"
  `);
  expect(corsText(null)).toBe('');
  expect(corsText(cors(rule({ allowedOrigins: ['a&b'] })))).toMatchInlineSnapshot(`
    "<CORSConfiguration>
      <CORSRule>
        <AllowedOrigin>a&amp;b</AllowedOrigin>
        <AllowedMethod>GET</AllowedMethod>
      </CORSRule>
      <ResponseVary>true</ResponseVary>
      <Later>x</Later>
    </CORSConfiguration>"
  `);
});
