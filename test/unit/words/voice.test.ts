import { expect, test } from 'vitest';
import { type Locale, languages, type MessageKey } from '../../../main/words/locales.ts';

/** What docs/words.md says doesn't come back, and the keys that have a reason. */
interface Rule {
  readonly never: RegExp;
  readonly except?: readonly MessageKey[];
}

const english: Readonly<Record<string, Rule>> = {
  expired: { never: /\b(has|have|had|it|link|links|session|credentials) ended\b|\bended\b|\bends\b/i },
  'create, not make': {
    never: /\bma(d|k)e\b/i,
    except: ['browse.versions.restore', 'properties.acl.make-public', 'trouble.newer.detail'],
  },
  repaired: { never: /\bmend(s|ed|ing)?\b/i },
  anyone: { never: /\b(whoever|anybody|somebody|nobody|everybody)\b/i },
  'can’t': { never: /\b(may not|cannot|can not)\b/i },
  'a contraction': { never: /\b(is|are|does|do|did|was|has|have|will|would|could) not\b/i },
  'with versioning on': { never: /\bkeeps? (no )?versions\b|\bbucket with versions\b/i },
  permanently: { never: /\bfor good\b|\bfor ever\b/i },
  again: { never: /\banew\b/i },
  automatically: { never: /\bby itself\b/i },
  persists: { never: /\bif (this|it) stays\b/i },
  resume: { never: /\bgo(es)? on\b/i },
  restore: { never: /\b(bring|brings|brought) back\b/i },
  file: { never: /\bobjects?\b/i },
  recipient: { never: /\bfor whom\b|\breceiver\b|\bhand(ed)? out\b/i },
  'leave blank': { never: /\b(leave|left) empty\b/i },
  'image and video': { never: /\bpictures?\b|\bfilms?\b/i },
  'incomplete uploads': { never: /\bunfinished\b/i },
  'KB, MB, GB': { never: /\b[KMGT]iB\b/ },
  'a subject first': { never: /^(What|Whoever)\b(?!.*\?$)/ },
  'straight quotes': { never: /[A-Za-z]'[a-z]|"/ },
};

const chinese: Readonly<Record<string, Rule>> = {
  系统钥匙串: { never: /密钥链|(?<!系统)钥匙串/ },
  文件: { never: /对象|\bObjects?\b/ },
  Bucket: { never: /存储空间/ },
  'HTTP 头': { never: /标头/ },
  历史版本: { never: /旧版本/ },
  文件夹: { never: /目录/ },
  分享者: { never: /发送者|发送方|对方/ },
  接收方: { never: /授予对象|收件人|接收者/ },
  '签名 URL': { never: /签名链接/ },
  会话权限策略: { never: /会话策略/ },
  有效期最晚至: { never: /最晚有效期至/ },
  全角标点: {
    never: /[\u4e00-\u9fff] ?[(),:;?!]|[(),;] ?[\u4e00-\u9fff]/,
    // Both name the character itself.
    except: ['grant.widened', 'share.problem.callback-url'],
  },
  'KB、MB、GB': { never: /[KMGT]iB/ },
};

/** The sentences that say what a rule forbids, without their placeholders. */
function broken(locale: Locale, rules: Readonly<Record<string, Rule>>): string[] {
  const messages = Object.entries(languages[locale].messages) as [MessageKey, string][];
  return Object.entries(rules).flatMap(([rule, { never, except }]) =>
    messages
      .filter(([key, message]) => never.test(withoutSyntax(message)) && except?.includes(key) !== true)
      .map(([key, message]) => `${rule}: ${key}: ${message}`),
  );
}

/** A message without the names of its arguments and the words of ICU's syntax. */
function withoutSyntax(message: string): string {
  return message
    .replace(/\$'\{'[^']*'\}'/g, '')
    .replace(/\{\w+, plural,/g, '{')
    .replace(/(=\d+|one|other) \{/g, '{')
    .replace(/\{\w+(, \w+)?\}/g, '…')
    .replace(/[{}]/g, ' ');
}

test('no English sentence says what the glossary gave up', () => {
  expect(broken('en', english)).toEqual([]);
});

test('no Chinese sentence says what the glossary gave up', () => {
  expect(broken('zh-CN', chinese)).toEqual([]);
});

test('a Chinese text ends with a full stop where the English one does', () => {
  const unended = (Object.keys(languages.en.messages) as MessageKey[]).filter(
    (key) => /\.\}*$/.test(languages.en.messages[key]) && !/。\}*$/.test(languages['zh-CN'].messages[key]),
  );
  expect(unended).toEqual([]);
});

test('every exception to a rule is one still', () => {
  const idle = (locale: Locale, rules: Readonly<Record<string, Rule>>) =>
    Object.values(rules).flatMap(({ never, except = [] }) =>
      except.filter((key) => !never.test(withoutSyntax(languages[locale].messages[key]))),
    );
  expect([...idle('en', english), ...idle('zh-CN', chinese)]).toEqual([]);
});

test.each(['en', 'zh-CN'] as const)(
  'a %s text that says what to do in a form names its fields as the form does',
  (locale) => {
    const { messages } = languages[locale];
    const fields = ['accounts.form.server.endpoint', 'accounts.form.cname', 'accounts.form.advanced'] as const;
    for (const field of fields) expect(messages['bucket.domain.denied']).toContain(`“${messages[field]}”`);
  },
);
