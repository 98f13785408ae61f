import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPaste } from '../../../../main/accounts/pasting/paste.ts';

const id = 'STS.NUgYrLnoC1Example';
const secret = 'CVwjCkNzTMupZ8NbTCxCExample';
const token = `CAIS${'a1+/'.repeat(200)}==`;
const end = '2026-11-24T20:00:00Z';

/** The first credentials found. */
function found(text: string) {
  const reading = readPaste(text);
  if (reading.kind !== 'found') throw new Error(`${reading.kind}: ${text.slice(0, 60)}`);
  return reading.found[0];
}

const key = { accessKeyId: id, accessKeySecret: secret, securityToken: token };
const fields = { AccessKeyId: id, AccessKeySecret: secret, SecurityToken: token, Expiration: end };

describe('JSON as STS returns it', () => {
  test.each([
    ['the whole answer', { RequestId: 'r', AssumedRoleUser: { Arn: 'a' }, Credentials: fields }],
    ['the credentials alone', fields],
    [
      'what an SDK prints',
      {
        headers: {},
        body: { credentials: { accessKeyId: id, accessKeySecret: secret, securityToken: token, expiration: end } },
      },
    ],
    ['the answer of an ECS instance', { ...fields, LastUpdated: end, Code: 'Success' }],
  ])('%s', (_, value) => {
    expect(found(JSON.stringify(value, null, 2))).toMatchObject({
      ...key,
      source: 'sts-json',
      validUntil: Date.parse(end),
    });
  });

  test('an end that nobody can read is unknown', () => {
    expect(found(JSON.stringify({ ...fields, Expiration: 'soon' }))?.validUntil).toBeNull();
  });
});

describe('environment lines', () => {
  const lines = (
    line: (name: string, value: string) => string,
    names = ['OSS_ACCESS_KEY_ID', 'OSS_ACCESS_KEY_SECRET', 'OSS_SESSION_TOKEN'],
  ) => [id, secret, token].map((value, at) => line(names[at] ?? '', value)).join('\n');

  test.each([
    ['sh', (name: string, value: string) => `export ${name}=${value}`],
    ['quoted', (name: string, value: string) => `export ${name}="${value}"`],
    ['single quotes', (name: string, value: string) => `export ${name}='${value}';`],
    ['plain', (name: string, value: string) => `${name}=${value}`],
    ['with a prompt', (name: string, value: string) => `$ export ${name}=${value}`],
    ['PowerShell', (name: string, value: string) => `$env:${name} = "${value}"`],
    ['cmd', (name: string, value: string) => `set ${name}=${value}`],
    ['cmd with quotes', (name: string, value: string) => `set "${name}=${value}"`],
    ['setx', (name: string, value: string) => `setx ${name} "${value}"`],
    ['fish', (name: string, value: string) => `set -gx ${name} ${value}`],
    ['csh', (name: string, value: string) => `setenv ${name} ${value}`],
    ['YAML', (name: string, value: string) => `  - ${name}: "${value}"`],
    ['docker', (name: string, value: string) => `-e ${name}=${value}`],
    ['Windows line ends', (name: string, value: string) => `${name}=${value}\r`],
  ])('of %s', (_, line) => {
    expect(found(lines(line))).toMatchObject({ ...key, source: 'environment', validUntil: null });
  });

  test('all on one line', () => {
    expect(found(lines((name, value) => `export ${name}=${value}`).replaceAll('\n', '; '))).toMatchObject(key);
    expect(found(lines((name, value) => `export ${name}=${value}`).replaceAll('\n', ' && '))).toMatchObject(key);
  });

  test('with the names of Alibaba Cloud', () => {
    const names = ['ALIBABA_CLOUD_ACCESS_KEY_ID', 'ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'ALIBABA_CLOUD_SECURITY_TOKEN'];
    expect(found(lines((name, value) => `export ${name}=${value}`, names))).toMatchObject(key);
  });

  test('endpoint, region and an end in a comment', () => {
    const text = `# reports/, valid until ${end}\n${lines((n, v) => `${n}=${v}`)}\nOSS_ENDPOINT=https://oss-cn-beijing.aliyuncs.com\nOSS_REGION=oss-cn-shanghai`;
    expect(found(text)).toMatchObject({
      endpoint: 'https://oss-cn-beijing.aliyuncs.com',
      region: 'cn-shanghai',
      validUntil: Date.parse(end),
    });
  });

  test('a key of one family and a token of another never mix', () => {
    const text = `OSS_ACCESS_KEY_ID=${id}\nOSS_ACCESS_KEY_SECRET=${secret}\nALIBABA_CLOUD_SECURITY_TOKEN=${token}`;
    expect(found(text)?.securityToken).toBeNull();
  });

  test('an ID without its secret is said so', () => {
    expect(readPaste(`OSS_ACCESS_KEY_ID=${id}`)).toEqual({
      kind: 'unusable',
      problems: ['missing-secret'],
      variables: [],
    });
    expect(readPaste(`OSS_ACCESS_KEY_SECRET=${secret}`)).toEqual({
      kind: 'unusable',
      problems: ['missing-id'],
      variables: [],
    });
  });
});

describe('what a text does not mean', () => {
  const pair = `OSS_ACCESS_KEY_ID=${id}\nOSS_ACCESS_KEY_SECRET=${secret}\n`;

  test.each(['# ', '#', '; ', '// ', 'REM ', ':: '])('is a line behind "%s"', (mark) => {
    expect(found(`${pair}${mark}OSS_ACCESS_KEY_SECRET=old\n${mark}OSS_SESSION_TOKEN=${token}`)).toMatchObject({
      accessKeySecret: secret,
      securityToken: null,
    });
  });

  test('is a comment behind a value', () => {
    expect(found(`OSS_ACCESS_KEY_ID=${id} # mine\nOSS_ACCESS_KEY_SECRET=${secret} ; mine`)).toMatchObject({
      accessKeyId: id,
      accessKeySecret: secret,
    });
  });

  test('is a field that the mode of a profile does not use', () => {
    const role = { ram_role_arn: 'acs:ram::1000000000000001:role/reader', ram_session_name: 'me' };
    const profile = { name: 'p', access_key_id: 'LTAIexample', access_key_secret: secret, sts_token: token, ...role };
    const reading = found(JSON.stringify({ current: 'p', profiles: [{ ...profile, mode: 'AK' }] }));
    expect(reading).toMatchObject({ securityToken: null, role: null });
    expect(found(JSON.stringify({ profiles: [{ ...profile, mode: 'StsToken' }] }))).toMatchObject({
      securityToken: token,
      role: null,
    });
  });

  test('are invisible characters and signs of word processors', () => {
    const text = `\ufeffOSS_ACCESS_KEY_ID＝“${id}”\u200b\nOSS_ACCESS_KEY_SECRET＝‘${secret}’`;
    expect(found(text)).toMatchObject({ accessKeyId: id, accessKeySecret: secret });
  });
});

describe('configuration files', () => {
  test('of the aliyun CLI: the current profile is preferred, roles with theirs', () => {
    const roleArn = 'acs:ram::1000000000000001:role/reader';
    const text = JSON.stringify({
      current: 'work',
      profiles: [
        {
          name: 'default',
          mode: 'AK',
          access_key_id: 'LTAIdefault',
          access_key_secret: 's1',
          sts_token: '',
          region_id: 'cn-hangzhou',
        },
        { name: 'empty', mode: 'AK', access_key_id: '', access_key_secret: '' },
        {
          name: 'work',
          mode: 'RamRoleArn',
          access_key_id: 'LTAIwork',
          access_key_secret: 's2',
          ram_role_arn: roleArn,
          ram_session_name: 'me',
          expired_seconds: 1800,
        },
        {
          name: 'temporary',
          mode: 'StsToken',
          access_key_id: id,
          access_key_secret: secret,
          sts_token: token,
          sts_expiration: 1795550400,
        },
      ],
      meta_path: '',
    });
    const reading = readPaste(text);
    expect(reading.kind === 'found' && reading.found).toMatchObject([
      { name: 'default', region: 'cn-hangzhou', securityToken: null, role: null },
      { source: 'aliyun-cli', name: 'work', role: { roleArn, sessionName: 'me', durationSeconds: 1800 } },
      { name: 'temporary', ...key, validUntil: 1795550400000 },
    ]);
    expect(reading).toMatchObject({ preferred: 1 });
  });

  test.each([
    [{}, { sessionName: 'waybill', durationSeconds: 3600 }],
    [
      { ram_session_name: 'a b', expired_seconds: 899 },
      { sessionName: 'waybill', durationSeconds: 3600 },
    ],
    [
      { ram_session_name: 'a', expired_seconds: 43_201 },
      { sessionName: 'waybill', durationSeconds: 3600 },
    ],
    [
      { ram_session_name: 'ab', expired_seconds: 43_200 },
      { sessionName: 'ab', durationSeconds: 43_200 },
    ],
    [
      { role_session_name: 'ab', expired_seconds: 900 },
      { sessionName: 'ab', durationSeconds: 900 },
    ],
  ])('of the aliyun CLI: a role with %j', (settings, expected) => {
    const roleArn = 'acs:ram::1000000000000001:role/reader';
    const profile = { name: 'p', access_key_id: 'LTAIwork', access_key_secret: 's2', ram_role_arn: roleArn };
    expect(found(JSON.stringify({ current: 'p', profiles: [{ ...profile, ...settings }] }))?.role).toEqual({
      roleArn,
      ...expected,
    });
  });

  test('of ossutil 1', () => {
    const text = `[Credentials]\nlanguage=EN\nendpoint=oss-cn-shenzhen.aliyuncs.com\naccessKeyID=${id}\naccessKeySecret=${secret}\nstsToken=${token}\n[Bucket-Endpoint]\nb=oss-cn-beijing.aliyuncs.com\n`;
    expect(found(text)).toMatchObject({ ...key, source: 'ossutil', name: null, region: 'cn-shenzhen' });
  });

  test('of ossutil 2, with profiles', () => {
    const text = `[default]\naccessKeyID = ${id}\naccessKeySecret = ${secret}\nstsToken = ${token}\nregion = cn-hangzhou\n\n[profile dev]\naccessKeyID=LTAIdev\naccessKeySecret=s\n`;
    const reading = readPaste(text);
    expect(reading.kind === 'found' && reading.found).toMatchObject([
      { ...key, name: 'default', region: 'cn-hangzhou' },
      { name: 'dev', accessKeyId: 'LTAIdev', securityToken: null },
    ]);
  });
});

describe('authorization codes of oss-browser', () => {
  const code = {
    id,
    secret,
    stoken: token,
    expiration: end,
    region: 'oss-cn-hangzhou',
    osspath: 'oss://archive/合同/',
    privilege: 'readOnly',
  };
  const text = Buffer.from(JSON.stringify(code)).toString('base64');

  test.each([text, `  ${text}\n`, text.replace(/.{76}/g, '$&\n')])(
    'are opened, also when they were wrapped',
    (pasted) => {
      expect(found(pasted)).toMatchObject({
        ...key,
        source: 'auth-code',
        region: 'cn-hangzhou',
        startPath: { bucket: 'archive', prefix: '合同/' },
        validUntil: Date.parse(end),
      });
    },
  );

  test('of Waybill ask for a passphrase', () => {
    expect(readPaste('Here you are: waybill-grant:1.AAAA')).toEqual({ kind: 'grant-code' });
  });
});

describe('a pair is found', () => {
  const pair = (before: string, between: string, after = ''): string => `${before}${id}${between}${secret}${after}`;
  const json = `{"AccessKeyId":"${id}","AccessKeySecret":"${secret}"}`;

  test.each([
    ["in the console's file", pair('AccessKey ID,AccessKey Secret\r\n', ',')],
    ['in a table with other columns', pair('User,AccessKey ID,AccessKey Secret\r\nme,', ',')],
    ['in a table with tabs', pair('AccessKey ID\tAccessKey Secret\n', '\t')],
    ['below its labels', pair('AccessKey ID\n\n', '\n\nAccessKey Secret\n\n')],
    ['in a Chinese sentence', pair('AccessKey ID：', '，AccessKey Secret：')],
    ['in XML', pair('<AccessKeyId>', '</AccessKeyId><AccessKeySecret>', '</AccessKeySecret>')],
    ['in a manifest', pair('- name: OSS_ACCESS_KEY_ID\n  value: ', '\n- name: OSS_ACCESS_KEY_SECRET\n  value: ')],
    [
      'in names and values as JSON',
      pair('[{"name":"OSS_ACCESS_KEY_ID","value":"', '"},{"name":"OSS_ACCESS_KEY_SECRET","value":"', '"}]'),
    ],
    ['in a call', pair('os.Setenv("OSS_ACCESS_KEY_ID", "', '")\nos.Setenv("OSS_ACCESS_KEY_SECRET", "', '")')],
    ['in settings', pair('--set a.accessKeyId=', ',a.accessKeySecret=', ' --wait')],
    ['in options', pair('aliyun configure --access-key-id ', ' --access-key-secret ', ' --region cn-hangzhou')],
    ['in a program', pair("$c = ['accessKeyId' => '", "', 'accessKeySecret' => '", "'];")],
    ['in a table of Markdown', pair('| AccessKey ID | ', ' |\n| AccessKey Secret | ', ' |')],
    ['behind a prompt', pair('[me@host ~]# export OSS_ACCESS_KEY_ID=', '\n[me@host ~]# export OSS_ACCESS_KEY_SECRET=')],
    ['in JSON between words', `$ aliyun sts AssumeRole\n${json}\nuntil tonight`],
    ['in JSON inside a string', JSON.stringify(json)],
    ['in a code between words', `授权码：${Buffer.from(json).toString('base64')} for you`],
  ])('%s', (_, text) => {
    expect(found(text)).toMatchObject({ accessKeyId: id, accessKeySecret: secret });
    expect(readPaste(text)).toMatchObject({ found: [{}], preferred: 0, problems: ['token-missing'] });
  });
});

describe('anything else', () => {
  test.each([
    '',
    ' ',
    '{}',
    '[]',
    'null',
    '{"id":5}',
    '{"a":',
    'hello',
    '\0\0\0',
    'javascript:alert(1)',
    'https://b.oss-cn-hangzhou.aliyuncs.com/k?x=y',
  ])('is nothing: %j', (text) => {
    expect(readPaste(text)).toEqual({ kind: 'nothing' });
  });

  test.each([
    ['a NUL', `OSS_ACCESS_KEY_ID=LTAI\0x\nOSS_ACCESS_KEY_SECRET=${secret}`],
    ['a line of its own inside', JSON.stringify({ accessKeyId: 'LTAI\nx', accessKeySecret: secret })],
    ['10,000 characters', `OSS_ACCESS_KEY_ID=${'L'.repeat(10_000)}\nOSS_ACCESS_KEY_SECRET=${secret}`],
  ])('an AccessKey ID with %s is no AccessKey ID', (_, text) => {
    expect(readPaste(text)).toEqual({ kind: 'unusable', problems: ['illegal-character'], variables: [] });
  });

  test.each([
    ['bytes', randomBytes(200_000).toString('latin1')],
    ['base64', randomBytes(150_000).toString('base64')],
    ['blanks', ' '.repeat(200_000)],
    ['brackets', '['.repeat(200_000)],
    ['nested JSON', '[{"a":'.repeat(20_000)],
    ['deep JSON', `${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`],
    ['NULs', '\0'.repeat(200_000)],
    ['one line', `A${' '.repeat(100_000)}=${'"'.repeat(100_000)}`],
    ['many lines', 'OSS_ACCESS_KEY_ID \n'.repeat(10_000)],
    ['setters', 'set -x '.repeat(30_000)],
  ])('200 KB of noise are read to their end: %s', (_, text) => {
    // A pattern that runs away would take for ever: the time limit of the test sees it.
    expect(readPaste(text).kind).toBe('nothing');
  });

  test('no text makes it throw', () => {
    fc.assert(fc.property(fc.string({ maxLength: 400 }), (text) => void readPaste(text)));
    fc.assert(fc.property(fc.json(), (text) => void readPaste(text)));
  });

  test('a field called __proto__ is a field', () => {
    expect(readPaste('{"__proto__":{"accessKeyId":"a"},"accessKeySecret":"b"}').kind).toBe('unusable');
  });
});
