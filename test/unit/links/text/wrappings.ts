/** A way in which a link reaches a person: around it, or in it, stands what a program put there. */
export type Wrapping = readonly [name: string, wrap: (url: string) => string];

const html = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
const numeric = (text: string): string =>
  text.replace(/[&=?#]/g, (sign) => `&#x${sign.charCodeAt(0).toString(16).toUpperCase()};`);
const lines = (text: string, width: number, join: string): string =>
  (text.match(new RegExp(`.{1,${String(width)}}`, 'gs')) ?? []).join(join);
const quotedPrintable = (text: string): string =>
  lines(text.replaceAll('=', '=3D'), 73, '=\r\n').replace(/=(.?)=\r\n/g, '=$1=\r\n');

/** Lines of exactly `width` characters, the last one shorter, as a mail program breaks text that has no blank. */
function folded(text: string, width: number, prefix = ''): string {
  return lines(text, width - prefix.length, `\n${prefix}`);
}

const markdown = (text: string): string => text.replace(/[_*~]/g, String.raw`\$&`);
const json = (text: string): string => JSON.stringify(text).slice(1, -1);
const phpJson = (text: string): string => json(text).replaceAll('/', String.raw`\/`);
const goJson = (text: string): string => json(text).replaceAll('&', String.raw`\u0026`);
const cmd = (text: string): string =>
  text.replace(/[^a-zA-Z0-9\s_\-:=+~'/.,?;()*`]/g, '^$&').replace(/%(?=[a-zA-Z0-9_])/g, '%^');
const fullWidth = (text: string): string => {
  const question = text.indexOf('?');
  return (
    text.slice(0, question) +
    text.slice(question).replace(/[=&?%]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfe_e0))
  );
};

/** urldefense v2, as its decoder undoes it. */
const proofpoint2 = (text: string): string =>
  encodeURIComponent(text).replaceAll('-', '%2D').replaceAll('_', '%5F').replaceAll('%2F', '_').replaceAll('%', '-');
/** urldefense v3: every `%` is taken out and kept in base64. */
const proofpoint3 = (text: string): string => {
  const taken = text.match(/[%^]/g)?.join('') ?? '';
  return `${text.replace(/[%^]/g, '*')}__;${Buffer.from(taken).toString('base64url')}`;
};

/** Mail. */
const mail: readonly Wrapping[] = [
  ['a sentence', (url) => `Here is the report: ${url}. Please tell me whether it opens.`],
  ['angle brackets', (url) => `Download <${url}> until Friday`],
  ['angle brackets over lines', (url) => `Download <${lines(url, 60, '\r\n')}> until Friday`],
  ['lines of one width', (url) => `Hello,\n\n${folded(url, 72)}\n\nBest regards,\nLin`],
  ['a quoted mail', (url) => `> Hello,\n>\n> ${folded(url, 70, '> ')}\n>\n> Lin`],
  ['a mail quoted twice', (url) => `>> ${folded(url, 70, '>> ')}\n>>\n>> Lin`],
  ['quoted-printable', quotedPrintable],
  ['quoted-printable HTML', (url) => `<a href=3D"${quotedPrintable(html(url))}">here</a>`],
  ['HTML', (url) => `<p>See <a href="${html(url)}">${html(url)}</a>.</p>`],
  ['HTML with numbers', (url) => `<a href='${numeric(url)}'>report</a>`],
  ['HTML source twice escaped', (url) => html(html(url))],
  ['a signature below', (url) => `${url}\n-- \nLin Wei, Example Ltd.\nhttps://www.example.com/\n`],
];

/** Gateways and redirects. */
const gateways: readonly Wrapping[] = [
  [
    'Outlook safe links',
    (url) =>
      `https://eur01.safelinks.protection.outlook.com/?url=${encodeURIComponent(url)}&data=05%7C01&sdata=x%3D&reserved=0`,
  ],
  ['urldefense 2', (url) => `https://urldefense.proofpoint.com/v2/url?u=${proofpoint2(url)}&d=DwMF&c=x&r=y&e=`],
  ['urldefense 3', (url) => `https://urldefense.com/v3/__${proofpoint3(url)}!!EXAMPLE!tail$`],
  ['a Google redirect', (url) => `https://www.google.com/url?q=${encodeURIComponent(url)}&sa=D&source=docs&usg=x`],
  ['Barracuda', (url) => `https://linkprotect.cudasvc.com/url?a=${encodeURIComponent(url)}&c=E,1,abc&typo=1`],
  ['Cisco', (url) => `https://secure-web.cisco.com/1abcDEF/${encodeURIComponent(url)}`],
  [
    'a redirect in a redirect',
    (url) => `https://a.example/?u=${encodeURIComponent(`https://b.example/?u=${encodeURIComponent(url)}&x=1`)}&y=2`,
  ],
  ['a raw redirect', (url) => `https://href.example/?${url}`],
];

/** Chats, trackers, documents. */
const chats: readonly Wrapping[] = [
  ['Markdown', (url) => `[report](${url})`],
  ['Markdown with a title', (url) => `![report](${url} "Q3")`],
  ['escaped Markdown', markdown],
  ['emphasis', (url) => `**${url}**`],
  ['a code block', (url) => `\`\`\`\n${url}\n\`\`\``],
  ['inline code', (url) => `Try \`${url}\`, please`],
  ['Slack', (url) => `<${html(url)}|report.pdf> is ready`],
  ['Jira', (url) => `[report|${url}]`],
  ['wiki', (url) => `[${url} report]`],
  ['Chinese prose', (url) => `文件在「${url}」，三天内有效。`],
  ['Chinese right behind', (url) => `请下载：${url}三天后失效`],
  ['full-width signs', fullWidth],
  ['zero-width blanks', (url) => `\ufeff${lines(url, 31, '\u200b')}\u200e`],
  ['TeX', (url) => String.raw`\href{${url.replace(/[%&#_]/g, String.raw`\$&`)}}{report}`],
];

/** Programs. */
const programs: readonly Wrapping[] = [
  ['JSON', (url) => JSON.stringify({ name: 'a', url, size: 3 }, null, 2)],
  ['JSON of PHP', (url) => `{"url":"${phpJson(url)}"}`],
  ['JSON of Go', (url) => `{"url":"${goJson(url)}"}`],
  ['JSON in JSON', (url) => JSON.stringify(`{"url":"${phpJson(url)}"}`)],
  ['Python', (url) => `{'url': '${url}', 'size': 3}`],
  ['CSV', (url) => `name,url,size\r\n"a, b","${url}",3\r\n`],
  ['CSV without quotes', (url) => `a;${url};3`],
  ['a table of tabs', (url) => `a\t${url}\t3`],
  ['a Markdown table', (url) => `| a | ${url} | 3 |`],
  ['XML', (url) => `<Url>${html(url)}</Url><Size>3</Size>`],
  ['curl on Linux', (url) => `curl -fSL '${url.replaceAll("'", String.raw`'\''`)}' -o file`],
  ['curl on macOS', (url) => `curl -O "${url}" \\\n  -H 'Accept: */*'`],
  ['curl of cmd', (url) => `curl ^"${cmd(url)}^" ^\r\n  -o file`],
  ['curl of PowerShell', (url) => `Invoke-WebRequest -Uri "${url.replace(/[$`]/g, '`$&')}" -OutFile file`],
  ['zsh without quotes', (url) => `wget ${url.replace(/[?&=()*~#!]/g, String.raw`\$&`)}`],
  ['a batch file', (url) => `start "" "${url.replaceAll('%', '%%')}"`],
  ['a log', (url) => `[2026-11-29 10:00:00] GET ${url} 200 1024`],
  ['an internet shortcut', (url) => `[InternetShortcut]\r\nURL=${url}\r\nIconIndex=0\r\n`],
  ['encoded as a whole', encodeURIComponent],
  ['encoded twice', (url) => url.replaceAll('%', '%25')],
  ['lines of a PDF', (url) => folded(url, 88).replaceAll('\n', ' \n')],
  ['lines of a terminal', (url) => `$ waybill share oss://b/k\n${folded(url, 80)}`],
  ['the text of a QR code', (url) => `URLTO:${url}`],
  ['blanks before it', (url) => `\t  ${url}  \n`],
];

/** All of them. */
export const wrappings: readonly Wrapping[] = [...mail, ...gateways, ...chats, ...programs];
