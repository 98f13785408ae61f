import { safeName } from '../../local-files/safe-name.ts';
import { lastSegment } from './content-disposition.ts';
import type { LinkNote } from './link-note.ts';

/** The same link as a line of curl, or a few lines of a program. */
export interface LinkSnippets {
  readonly curl: string;
  readonly python: string;
  readonly fetch: string;
  readonly powershell: string;
}

/** What a snippet is of: a link with all that must be sent with it. `key` gives the file its name. */
export interface SnippetSource extends LinkNote {
  readonly url: string;
  readonly key: string;
}

/**
 * Ready-made requests that send exactly what the signature binds. Keys and headers come from anybody, so each is quoted
 * by the rules of its language.
 */
export function linkSnippets(source: SnippetSource): LinkSnippets {
  const last = lastSegment(source.key);
  // A name that begins with a hyphen would be read as an option.
  const file = `./${last === '' ? 'file' : safeName(last)}`;
  const quoted = { ...source, file };
  return { curl: curl(quoted), python: python(quoted), fetch: fetchJs(quoted), powershell: powershell(quoted) };
}

interface Quoted extends SnippetSource {
  readonly file: string;
}

function curl({ method, url, headers, file }: Quoted): string {
  // -g: brackets and braces in a file's name mean nothing.
  const what: Readonly<Record<LinkNote['method'], readonly string[]>> = {
    GET: ['-o', shell(file)],
    HEAD: ['-I'],
    PUT: ['-T', shell(file)],
    DELETE: ['-X', 'DELETE'],
  };
  // `Name;` is how curl is told to send an empty header.
  const given = Object.entries(headers).flatMap(([name, value]) => [
    '-H',
    shell(value === '' ? `${name};` : `${name}: ${value}`),
  ]);
  return ['curl', '-g', '--path-as-is', '--fail-with-body', ...what[method], ...given, shell(url)].join(' ');
}

function python({ method, url, headers, file }: Quoted): string {
  const lines = Object.entries(headers).map(([name, value]) => `    ${pythonText(name)}: ${pythonText(value)},`);
  const given = lines.length === 0 ? '{}' : ['{', ...lines, '}'].join('\n');
  const head = ['import requests', '', `url = ${pythonText(url)}`, `headers = ${given}`];
  switch (method) {
    case 'PUT':
      return [
        ...head,
        `with open(${pythonText(file)}, "rb") as file:`,
        '    reply = requests.put(url, headers=headers, data=file)',
        'print(reply.status_code, reply.text)',
        'reply.raise_for_status()',
      ].join('\n');
    case 'GET':
      return [
        ...head,
        'with requests.get(url, headers=headers, stream=True) as reply:',
        '    reply.raise_for_status()',
        `    with open(${pythonText(file)}, "wb") as file:`,
        '        for chunk in reply.iter_content(1 << 20):',
        '            file.write(chunk)',
      ].join('\n');
    case 'HEAD':
    case 'DELETE':
      return [
        ...head,
        `reply = requests.${method.toLowerCase()}(url, headers=headers)`,
        'print(reply.status_code, dict(reply.headers))',
        'reply.raise_for_status()',
      ].join('\n');
    default:
      return method satisfies never;
  }
}

function fetchJs({ method, url, headers }: Quoted): string {
  const isUpload = method === 'PUT';
  const options = [
    `    method: ${scriptText(method)},`,
    `    headers: ${scriptHeaders(headers)},`,
    // A blob's own type would be sent as Content-Type: slice() leaves it behind.
    ...(isUpload ? ['    body: file.slice(),'] : []),
  ];
  return [
    isUpload
      ? '// file: a File or Blob. In a page, the bucket needs a CORS rule that allows PUT and these headers.'
      : '// In a page, the bucket needs a CORS rule that allows this.',
    `async function ${isUpload ? 'upload(file)' : 'send()'} {`,
    `  const reply = await fetch(${scriptText(url)}, {`,
    ...options,
    '  });',
    '  if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`);',
    '  return reply;',
    '}',
  ].join('\n');
}

/** HttpClient rather than Invoke-WebRequest, which rewrites or adds Content-Type. */
function powershell({ method, url, headers, file }: Quoted): string {
  const isContent = (name: string): boolean => /^(content-|expires$)/.test(name);
  const add =
    (target: string) =>
    ([name, value]: readonly [string, string]) =>
      `[void]${target}.Headers.TryAddWithoutValidation(${shellText(name)}, ${shellText(value)})`;
  const entries = Object.entries(headers);
  const upload = [
    `$request.Content = New-Object System.Net.Http.StreamContent([IO.File]::OpenRead((Resolve-Path -LiteralPath ${shellText(file)})))`,
    ...entries.filter(([name]) => isContent(name)).map(add('$request.Content')),
  ];
  return [
    'Add-Type -AssemblyName System.Net.Http',
    `$request = New-Object System.Net.Http.HttpRequestMessage(${shellText(method)}, ${shellText(url)})`,
    ...entries.filter(([name]) => method !== 'PUT' || !isContent(name)).map(add('$request')),
    ...(method === 'PUT' ? upload : []),
    '$reply = (New-Object System.Net.Http.HttpClient).SendAsync($request).Result',
    ...(method === 'GET'
      ? [`[IO.File]::WriteAllBytes((Join-Path $PWD ${shellText(file)}), $reply.Content.ReadAsByteArrayAsync().Result)`]
      : []),
    '[int]$reply.StatusCode',
  ].join('\n');
}

/** For POSIX shells. */
function shell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** For PowerShell, which takes typographic quotes for quotes. */
function shellText(text: string): string {
  return `'${text.replace(/['\u2018-\u201b]/g, '$&$&')}'`;
}

/** Characters that are not seen, or that change how the line is read. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

function pythonText(text: string): string {
  const escaped = text.replace(/["\\]/g, '\\$&').replace(hidden, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}

function scriptText(text: string): string {
  // `<` too: `</script>` would end the page's script.
  return JSON.stringify(text).replace(/[<\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

function scriptHeaders(headers: Readonly<Record<string, string>>): string {
  const fields = Object.entries(headers).map(([name, value]) => `${scriptText(name)}: ${scriptText(value)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
