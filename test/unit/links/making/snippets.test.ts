import { expect, test } from 'vitest';
import { linkSnippets } from '../../../../main/links/making/snippets.ts';

const url = 'https://samples.oss-cn-hangzhou.aliyuncs.com/a?x-oss-signature=0';
const upload = {
  method: 'PUT',
  headers: { 'content-type': 'text/plain', 'x-oss-meta-who': `O'Neil "&" $HOME \`id\` \\ ’` },
} as const;

test('each language quotes what it would else understand', () => {
  const snippets = linkSnippets({ ...upload, url, key: `dir/-rf $(id)'"\u202e.txt` });
  expect(snippets.curl).toBe(
    `curl -g --path-as-is --fail-with-body -T './-rf $(id)'\\''__.txt' -H 'content-type: text/plain' ` +
      `-H 'x-oss-meta-who: O'\\''Neil "&" $HOME \`id\` \\ ’' '${url}'`,
  );
  expect(snippets.python).toContain(`"x-oss-meta-who": "O'Neil \\"&\\" $HOME \`id\` \\\\ ’",`);
  expect(snippets.fetch).toContain(`"x-oss-meta-who": "O'Neil \\"&\\" $HOME \`id\` \\\\ ’"`);
  // PowerShell takes typographic quotes for quotes.
  expect(snippets.powershell).toContain(`'x-oss-meta-who', 'O''Neil "&" $HOME \`id\` \\ ’’'`);
});

test('a script is not ended, and no line is turned around, by what a value holds', () => {
  const { fetch, python } = linkSnippets({
    ...upload,
    headers: { 'x-oss-meta-a': '</script>\u2028\u202e\u{e0001}' },
    url,
    key: 'a',
  });
  for (const text of [fetch, python]) expect(text).not.toMatch(/[\u2028\u202e\u{e0001}]/u);
  expect(fetch).not.toContain('</script>');
});

test('PowerShell sends Content-Type with the content, and only where there is one', () => {
  const { powershell } = linkSnippets({ ...upload, url, key: 'a' });
  expect(powershell).toContain(`$request.Content.Headers.TryAddWithoutValidation('content-type', 'text/plain')`);
  expect(linkSnippets({ method: 'PUT', headers: {}, url, key: 'a' }).powershell).not.toContain('content-type');
});

test.each([
  ['GET', `-o './a.txt'`, 'stream=True'],
  ['HEAD', '-I', 'requests.head('],
  ['DELETE', '-X DELETE', 'requests.delete('],
] as const)('a link for %s has its own lines', (method, curl, python) => {
  const snippets = linkSnippets({ method, headers: {}, url, key: 'dir/a.txt' });
  expect(snippets.curl).toContain(curl);
  expect(snippets.python).toContain(python);
});

const plain = { url, key: 'dir/a.txt' };
const sent = { ...plain, method: 'PUT', headers: { 'content-type': 'text/plain', 'x-oss-meta-who': 'Lin' } } as const;

test('Python reads in pieces what comes, and sends the file that goes', () => {
  const { python } = linkSnippets({ ...plain, method: 'GET', headers: {} });
  expect(python.split('\n')).toEqual([
    'import requests',
    '',
    `url = "${url}"`,
    'headers = {}',
    'with requests.get(url, headers=headers, stream=True) as reply:',
    '    reply.raise_for_status()',
    '    with open("./a.txt", "wb") as file:',
    '        for chunk in reply.iter_content(1 << 20):',
    '            file.write(chunk)',
  ]);
  expect(linkSnippets(sent).python.split('\n')).toEqual([
    'import requests',
    '',
    `url = "${url}"`,
    'headers = {',
    '    "content-type": "text/plain",',
    '    "x-oss-meta-who": "Lin",',
    '}',
    'with open("./a.txt", "rb") as file:',
    '    reply = requests.put(url, headers=headers, data=file)',
    'print(reply.status_code, reply.text)',
    'reply.raise_for_status()',
  ]);
  expect(
    linkSnippets({ ...plain, method: 'HEAD', headers: {} })
      .python.split('\n')
      .slice(3),
  ).toEqual([
    'headers = {}',
    'reply = requests.head(url, headers=headers)',
    'print(reply.status_code, dict(reply.headers))',
    'reply.raise_for_status()',
  ]);
});

test('a script of a page says which rule its bucket needs', () => {
  const { fetch } = linkSnippets({ ...plain, method: 'GET', headers: {} });
  const end = [
    '  });',
    '  if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`);',
    '  return reply;',
    '}',
  ];
  expect(fetch.split('\n')).toEqual([
    '// In a page, the bucket needs a CORS rule that allows this.',
    'async function send() {',
    `  const reply = await fetch("${url}", {`,
    '    method: "GET",',
    '    headers: {},',
    ...end,
  ]);
  expect(linkSnippets(sent).fetch.split('\n')).toEqual([
    '// file: a File or Blob. In a page, the bucket needs a CORS rule that allows PUT and these headers.',
    'async function upload(file) {',
    `  const reply = await fetch("${url}", {`,
    '    method: "PUT",',
    '    headers: { "content-type": "text/plain", "x-oss-meta-who": "Lin" },',
    '    body: file.slice(),',
    ...end,
  ]);
});

test('PowerShell writes what comes, and sends headers where they belong', () => {
  const request = (method: string): readonly string[] => [
    'Add-Type -AssemblyName System.Net.Http',
    `$request = New-Object System.Net.Http.HttpRequestMessage('${method}', '${url}')`,
  ];
  const reply = '$reply = (New-Object System.Net.Http.HttpClient).SendAsync($request).Result';
  expect(linkSnippets({ ...plain, method: 'GET', headers: {} }).powershell.split('\n')).toEqual([
    ...request('GET'),
    reply,
    "[IO.File]::WriteAllBytes((Join-Path $PWD './a.txt'), $reply.Content.ReadAsByteArrayAsync().Result)",
    '[int]$reply.StatusCode',
  ]);
  expect(linkSnippets(sent).powershell.split('\n')).toEqual([
    ...request('PUT'),
    "[void]$request.Headers.TryAddWithoutValidation('x-oss-meta-who', 'Lin')",
    "$request.Content = New-Object System.Net.Http.StreamContent([IO.File]::OpenRead((Resolve-Path -LiteralPath './a.txt')))",
    "[void]$request.Content.Headers.TryAddWithoutValidation('content-type', 'text/plain')",
    reply,
    '[int]$reply.StatusCode',
  ]);
});

test('a key without a name is saved as a file', () => {
  expect(linkSnippets({ method: 'GET', headers: {}, url, key: '///' }).curl).toContain("-o './file'");
});
