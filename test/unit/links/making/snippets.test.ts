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
