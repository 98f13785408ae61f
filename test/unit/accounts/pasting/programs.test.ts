import { describe, expect, test } from 'vitest';
import { readPaste } from '../../../../main/accounts/pasting/paste.ts';

const id = 'LTAI5tExampleExample01';
const temporaryId = 'STS.NUgYrLnoC1ExampleExample';
const secret = 'madeUpSecretOfThirtyCharacters';
const token = `CAIS${'a1+/'.repeat(60)}==`;

function foundIn(text: string) {
  const reading = readPaste(text);
  return reading.kind === 'found' ? reading.found : reading;
}

describe('an AccessKey that a program passes by position', () => {
  const permanent = [expect.objectContaining({ source: 'program', accessKeyId: id, accessKeySecret: secret })];
  test.each([
    ['Python', `auth = oss2.Auth('${id}', '${secret}')`],
    ['Python, V4', `auth = oss2.AuthV4("${id}", "${secret}")`],
    [
      'Python, over lines',
      `bucket = oss2.Bucket(\n  oss2.Auth(\n    '${id}',\n    '${secret}',\n  ),\n  endpoint, 'b')`,
    ],
    ['Python 2.0', `provider = oss.credentials.StaticCredentialsProvider("${id}", "${secret}")`],
    ['JavaScript', `const auth = new OSS.Auth('${id}', '${secret}');`],
    ['Go with a variable endpoint', `client, err := oss.New(endpoint, "${id}", "${secret}")`],
    ['Go 2', `cfg.WithCredentialsProvider(credentials.NewStaticCredentialsProvider("${id}", "${secret}"))`],
    ['Go in raw strings', `client, err := oss.New(endpoint, \`${id}\`, \`${secret}\`)`],
    ['Java', `new DefaultCredentialProvider("${id}","${secret}")`],
    ['Java by a factory', `CredentialsProviderFactory.newDefaultCredentialProvider("${id}", "${secret}");`],
    ['Java, nested', `new OSSClientBuilder().build(endpoint, new DefaultCredentialProvider("${id}", "${secret}"))`],
    ['Java, directly', `new OSSClientBuilder().build(endpoint, "${id}", "${secret}", conf)`],
    ['C#', `var client = new OssClient(endpoint, "${id}", "${secret}");`],
  ])('%s', (_, text) => {
    expect(foundIn(text)).toEqual(permanent);
  });

  test('comes with a token, an endpoint or a region, wherever they stand', () => {
    const session = { accessKeyId: temporaryId, accessKeySecret: secret, securityToken: token };
    const place = { endpoint: 'https://oss-cn-beijing.aliyuncs.com', region: 'cn-beijing' };
    expect(foundIn(`oss2.StsAuth('${temporaryId}', '${secret}', '${token}', auth_version='v4')`)).toMatchObject([
      session,
    ]);
    expect(
      foundIn(`oss.New("${place.endpoint}", "${temporaryId}", "${secret}", oss.SecurityToken("${token}"))`),
    ).toMatchObject([{ ...session, ...place }]);
    expect(
      foundIn(`new OssClient("${temporaryId}", "${secret}", "${place.endpoint}", false, "${token}");`),
    ).toMatchObject([{ ...session, ...place }]);
  });

  test('is found once for each ID, and not in a comment', () => {
    const others = `# oss2.Auth('LTAI5tOldKeyOldKey0001', '${secret}')\noss2.Auth('${id}', '${secret}')\n`;
    expect(foundIn(`${others}oss2.Auth('${id}', '${secret}')`)).toEqual(permanent);
  });

  test('is none where the call names variables of the program, or of another library', () => {
    expect(readPaste('auth = oss2.Auth(access_key_id, access_key_secret)')).toEqual({ kind: 'nothing' });
    expect(readPaste(`session.auth = HTTPBasicAuth('me', 'password')`)).toEqual({ kind: 'nothing' });
    expect(readPaste(`oss2.Auth('${id}'`)).toEqual({ kind: 'nothing' });
  });

  const endpoint = 'https://oss-cn-beijing.aliyuncs.com';
  test.each([
    ['Python', `oss2.StsAuth(key_id, '${secret}', '${token}')`],
    ['Java', `new OSSClient(endpoint, id, "${secret}", "my-bucket")`],
    ['Java with an endpoint', `new OSSClient("${endpoint}", id, "${secret}", "${token}")`],
    ['Go', `oss.New(endpoint, id(), "${secret}", oss.SecurityToken("${token}"))`],
    ['PHP', `new OssClient(id(), "${secret}", "${endpoint}", false, "${token}")`],
    ['C#, by name', `new OssClient(accessKeyId: id, accessKeySecret: Secret, "${secret}", "${token}")`],
  ])('is never a secret that stands behind a variable: %s', (_, text) => {
    const reading = readPaste(text);
    expect(['unusable', 'nothing']).toContain(reading.kind);
    expect(JSON.stringify(reading)).not.toContain(secret);
  });

  test('is none where a token stands in the place of the secret, or the secret in that of the ID', () => {
    const unusable = (problem: string) => ({ kind: 'unusable', problems: [problem], variables: [] });
    expect(readPaste(`oss2.StsAuth('${secret}', '${token}')`)).toEqual(unusable('missing-secret'));
    expect(readPaste(`oss2.Auth('${secret}', 'anotherText')`)).toEqual(unusable('missing-id'));
    expect(readPaste(`OSS_ACCESS_KEY_ID=${token}\nOSS_ACCESS_KEY_SECRET=${secret}`)).toEqual(unusable('missing-id'));
    expect(readPaste(`OSS_ACCESS_KEY_ID=${secret}\nOSS_ACCESS_KEY_SECRET=${id}`)).toEqual(unusable('missing-id'));
    expect(readPaste(`{"AccessKeyId":"${secret}","AccessKeySecret":"${temporaryId}"}`)).toEqual(unusable('missing-id'));
  });

  test('is found behind comments, and behind an endpoint that a variable holds', () => {
    const commented = `oss2.Auth( # where, and who\n'${id}', # the ID, not "mine"\n'${secret}' // a 'secret'\n)`;
    expect(foundIn(commented)).toEqual(permanent);
    expect(foundIn(`oss.New(/* place */ os.Getenv("PLACE"), "${id}", "${secret}")`)).toEqual(permanent);
    expect(foundIn(`oss2.Auth('${id}', get_secret())`)).toMatchObject({ problems: ['missing-secret'] });
  });

  test('does not hide what the program sets by name', () => {
    const text = `access_key_id = '${id}'\naccess_key_secret = '${secret}'\nauth = oss2.Auth(access_key_id, access_key_secret)`;
    expect(foundIn(text)).toMatchObject([{ accessKeyId: id, accessKeySecret: secret }]);
  });
});

test.each([
  ['an open quote before escaped ones in every call', `${'oss.New('.repeat(100)}"${'\\"'.repeat(5000)}`],
  ['JSON with an open quote', `{"${'\\"'.repeat(120_000)}`],
  ['blanks behind a name', `AccessKeyId${' '.repeat(200_000)}x`],
  ['blank lines', `a${'\n'.repeat(200_000)}a`],
  ['blank lines with blanks', `a${' \n'.repeat(100_000)}a`],
  ['commands that set variables', `${'env '.repeat(2000)}: ${'OSS_ACCESS_KEY_ID '.repeat(400)}\n`.repeat(15)],
  ['fields before comments', `id=1 ${'a '.repeat(8000)}\n`.repeat(15)],
])('a long text is read within a second: %s', (_, text) => {
  const started = performance.now();
  readPaste(text);
  expect(performance.now() - started).toBeLessThan(1000);
});

describe('a value that is not in the text', () => {
  test.each([
    ['Python', `oss2.Auth(os.environ['MY_ID'], os.environ['MY_SECRET'])`],
    ['Python, getenv', `oss2.Auth(os.getenv("MY_ID"), os.environ.get("MY_SECRET", ""))`],
    ['JavaScript', 'new OSS({ accessKeyId: process.env.MY_ID, accessKeySecret: process.env.MY_SECRET })'],
    ['JavaScript in brackets', `accessKeyId: process.env['MY_ID'],\naccessKeySecret: process.env["MY_SECRET"],`],
    ['Java', 'new DefaultCredentialProvider(System.getenv("MY_ID"), System.getenv("MY_SECRET"))'],
    ['Go', 'oss.New(endpoint, os.Getenv("MY_ID"), os.Getenv("MY_SECRET"))'],
    [
      'C#',
      'new OssClient(e, Environment.GetEnvironmentVariable("MY_ID"), Environment.GetEnvironmentVariable("MY_SECRET"))',
    ],
    ['sh', 'export OSS_ACCESS_KEY_ID=$MY_ID\nexport OSS_ACCESS_KEY_SECRET="$MY_SECRET"'],
    ['sh in braces', 'OSS_ACCESS_KEY_ID=${MY_ID}\nOSS_ACCESS_KEY_SECRET="${MY_SECRET:-none}"'],
    ['PowerShell', '$env:OSS_ACCESS_KEY_ID = $env:MY_ID\n$env:OSS_ACCESS_KEY_SECRET = $env:MY_SECRET'],
    ['cmd', 'set OSS_ACCESS_KEY_ID=%MY_ID%\nset OSS_ACCESS_KEY_SECRET=%MY_SECRET%'],
    ['a workflow', 'OSS_ACCESS_KEY_ID: ${{ secrets.MY_ID }}\nOSS_ACCESS_KEY_SECRET: ${{ secrets.MY_SECRET }}'],
    ['JSON', '{"AccessKeyId": "${MY_ID}", "AccessKeySecret": "$MY_SECRET"}'],
    ['PHP', `$accessKeyId = getenv('MY_ID');\n$accessKeySecret = $_ENV['MY_SECRET'];`],
  ])('%s', (_, text) => {
    expect(readPaste(text)).toEqual({ kind: 'unusable', problems: ['in-variable'], variables: ['MY_ID', 'MY_SECRET'] });
  });

  test('counts alone where the other values are there', () => {
    const text = `OSS_ACCESS_KEY_ID=${id}\nOSS_ACCESS_KEY_SECRET=$MY_SECRET`;
    expect(readPaste(text)).toEqual({ kind: 'unusable', problems: ['in-variable'], variables: ['MY_SECRET'] });
  });

  test('is no matter where the text sets it as well', () => {
    const program = `oss2.Auth(os.environ['OSS_ACCESS_KEY_ID'], os.environ['OSS_ACCESS_KEY_SECRET'])`;
    const reading = readPaste(`export OSS_ACCESS_KEY_ID=${id}\nexport OSS_ACCESS_KEY_SECRET=${secret}\n${program}`);
    expect(reading).toMatchObject({ kind: 'found', found: [{ accessKeyId: id }], problems: [] });
  });

  test('is none of a secret with the signs of a variable inside', () => {
    expect(foundIn(`OSS_ACCESS_KEY_ID=${id}\nOSS_ACCESS_KEY_SECRET=aa$bb%cc%dd`)).toMatchObject([
      { accessKeySecret: 'aa$bb%cc%dd' },
    ]);
  });
});
