import { describe, expect, test } from 'vitest';
import { readPaste } from '../../main/accounts/pasting/paste.ts';
import { linkPolicy } from '../../main/accounts/sts/policy.ts';
import { previewKindOf } from '../../main/browsing/preview-kind.ts';
import { environmentProxy } from '../../main/cli/arguments/environment-proxy.ts';
import { readPairs } from '../../main/cli/arguments/options.ts';
import { readOverwrite } from '../../main/cli/arguments/transfer-options.ts';
import { WaybillError } from '../../main/failure.ts';
import { fileNameOf } from '../../main/links/making/content-disposition.ts';
import { linkProblems } from '../../main/links/making/link-rules.ts';
import { scanUrl } from '../../main/links/text/scan-url.ts';
import { fileError } from '../../main/local-files/file-failure.ts';
import { networkFailure } from '../../main/oss/exchange/network-failure.ts';
import { readPlainXml } from '../../main/oss/exchange/plain-xml.ts';
import { isArchived } from '../../main/oss/operations/restore.ts';
import { own } from '../../main/own.ts';
import { regionOfDualStack } from '../../main/practice/protocol/region-hosts.ts';
import { checkedTags } from '../../main/practice/storage/tags.ts';
import { failureSchema } from '../../main/transfers/tasks/failure-schema.ts';
import { inputDetail, inputMessage } from '../../main/words/input-message.ts';
import { translator } from '../../main/words/translator.ts';
import { keyOf } from '../../renderer/lib/chords.ts';
import { restoreOffer } from '../../renderer/lib/storage-class.ts';
import { problemText } from '../../renderer/parts/link-fields.ts';

/** What every object answers to, though no table has it. */
const names = ['constructor', 'valueOf', 'toString', 'hasOwnProperty', '__proto__'] as const;

/** Texts by their keys. */
const keys = { ...translator('en'), text: (key: string) => key };

/** A record with one entry of any name: in a literal, `__proto__` would be its prototype. */
const only = (name: string, value: string): Readonly<Record<string, string>> => Object.fromEntries([[name, value]]);

describe('a table', () => {
  test('has what stands in it', () => {
    expect(own({ a: 1 }, 'a')).toBe(1);
    expect(own(only('__proto__', 'x'), '__proto__')).toBe('x');
  });

  test.each([...names, 'b'])('has nothing else: %s', (name) => {
    expect(own({ a: 1 }, name)).toBeUndefined();
  });
});

describe('a name that every object answers to is like any unknown one', () => {
  test.each(names)('as a parameter of a pasted URL: %s', (name) => {
    const read = scanUrl(`http://a.aa?${name}=1`, 0, { opened: '', isAlone: true });
    expect(read?.url.query).toBe(`${name}=1`);
  });

  test.each(names)('as a parameter of a link: %s', (name) => {
    expect(linkProblems({ method: 'GET', params: only(name, 'ab'), headers: {} })).toEqual([]);
  });

  test.each(['constructor', '__proto__'])('as a header of a link: %s', (name) => {
    expect(linkProblems({ method: 'PUT', params: {}, headers: only(name, 'ab') })).toEqual([]);
    expect(linkPolicy({ method: 'PUT', bucket: 'b', key: 'k', versionId: null, headers: only(name, 'ab') })).toBe(
      linkPolicy({ method: 'PUT', bucket: 'b', key: 'k', versionId: null, headers: {} }),
    );
  });

  test.each(['constructor', '__proto__'])("as the ending of an object's name: %s", (name) => {
    expect(previewKindOf(`a.${name}`, { contentType: '' })).toEqual({ kind: 'text', contentType: 'text/plain' });
  });

  test('as the charset of a file name', () => {
    expect(fileNameOf("attachment; filename*=constructor''a.txt")).toBeNull();
  });

  test('as the mode of a pasted profile', () => {
    const profile = { mode: 'constructor', access_key_id: 'LTAI5tExample', access_key_secret: 'an-example' };
    expect(readPaste(JSON.stringify({ profiles: [profile] }))).toMatchObject({ kind: 'found' });
  });

  test.each(names)('as an entity of XML: %s', (name) => {
    expect(readPlainXml(`<A>&${name};</A>`)).toBeNull();
  });

  test.each(names)('as a storage class: %s', (name) => {
    expect(isArchived(name)).toBe(false);
    expect(restoreOffer(name)).toBeNull();
  });

  test('as the scheme of a proxy', () => {
    expect(() => environmentProxy('http://a.example', { http_proxy: 'constructor://p.example:1' })).toThrow(
      new WaybillError({ kind: 'network', reason: 'proxy' }),
    );
  });

  test.each(names)('as a name on the command line: %s', (name) => {
    expect(readPairs([`${name}=1`], '=', '--param')).toEqual(only(name, '1'));
    expect(() => readOverwrite(name, 'replace', { name: '--force', isGiven: false, rule: 'replace' })).toThrow();
  });

  test.each(names)('as the code of an error: %s', (code) => {
    const error = Object.assign(new Error('failed'), { code });
    expect(networkFailure(error, 'a.example')).toBe(error);
    expect(fileError(Object.assign(error, { syscall: 'open' }), 'a.txt')).toMatchObject({
      failure: { reason: 'read-error' },
    });
  });

  test.each(names)('as the code of a refusal in an earlier journal: %s', (code) => {
    const saved = { kind: 'oss', status: 400, code, message: 'no' };
    expect(failureSchema.parse(saved)).toMatchObject({ cause: 'other', code });
  });

  test.each(names)('as a rule of an entry: %s', (rule) => {
    const failure = { kind: 'input', field: 'f', rule } as const;
    expect(inputDetail(failure)).toBe(`f: ${rule}`);
    expect(inputMessage(failure, keys).title).toBe('failure.input.any');
    expect(problemText(failure, keys)).toBe('share.problem.other');
  });

  test.each(names)('as a key of the keyboard: %s', (key) => {
    expect(keyOf({ key, code: '' } as KeyboardEvent)).toBe(key);
    expect(keyOf({ key: 'é', code: key } as KeyboardEvent)).toBe('É');
  });

  test.each(['constructor', '__proto__'])('as a host of the practice server: %s', (name) => {
    expect(regionOfDualStack(name)).toBeNull();
  });

  test.each(['constructor', 'valueOf', 'toString', '__proto__'])('as a tag in the practice server: %s', (name) => {
    expect(checkedTags([[name, '1']])).toEqual(only(name, '1'));
  });
});
