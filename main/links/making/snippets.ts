import { safeName } from '../../local-files/safe-name.ts';
import { lastSegment } from './content-disposition.ts';
import type { LinkNote } from '../text/link-note.ts';
import { powershellText, pythonText, scriptText, shellText } from '../text/quoting.ts';

/** The request of a link as a curl command, and as code in three languages. */
export interface LinkSnippets {
  readonly curl: string;
  readonly python: string;
  readonly fetch: string;
  readonly powershell: string;
}

/** A link with everything that must be sent with it. The file is named after `key`. */
export interface SnippetSource extends LinkNote {
  readonly url: string;
  readonly key: string;
}

/** Writes requests that send exactly what the signature covers: a client's own Content-Type would break it. */
export function linkSnippets(source: SnippetSource): LinkSnippets {
  const last = lastSegment(source.key);
  // curl reads a name that starts with a hyphen as an option.
  const file = `./${last === '' ? 'file' : safeName(last)}`;
  const quoted = { ...source, file };
  return { curl: curl(quoted), python: python(quoted), fetch: fetchJs(quoted), powershell: powershell(quoted) };
}

interface Quoted extends SnippetSource {
  readonly file: string;
}

function curl({ method, url, headers, file }: Quoted): string {
  // -g: takes brackets and braces in a name literally.
  const what: Readonly<Record<LinkNote['method'], readonly string[]>> = {
    GET: ['-o', shellText(file)],
    HEAD: ['-I'],
    PUT: ['-T', shellText(file)],
    DELETE: ['-X', 'DELETE'],
  };
  // `Name;` makes curl send an empty header.
  const given = Object.entries(headers).flatMap(([name, value]) => [
    '-H',
    shellText(value === '' ? `${name};` : `${name}: ${value}`),
  ]);
  return ['curl', '-g', '--path-as-is', '--fail-with-body', ...what[method], ...given, shellText(url)].join(' ');
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
    // fetch() sends a blob's type as Content-Type; slice() drops it.
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

/** Uses HttpClient, since Invoke-WebRequest rewrites or adds Content-Type. */
function powershell({ method, url, headers, file }: Quoted): string {
  const isContent = (name: string): boolean => /^(content-|expires$)/.test(name);
  const add =
    (target: string) =>
    ([name, value]: readonly [string, string]) =>
      `[void]${target}.Headers.TryAddWithoutValidation(${powershellText(name)}, ${powershellText(value)})`;
  const entries = Object.entries(headers);
  const upload = [
    `$request.Content = New-Object System.Net.Http.StreamContent([IO.File]::OpenRead((Resolve-Path -LiteralPath ${powershellText(file)})))`,
    ...entries.filter(([name]) => isContent(name)).map(add('$request.Content')),
  ];
  return [
    'Add-Type -AssemblyName System.Net.Http',
    `$request = New-Object System.Net.Http.HttpRequestMessage(${powershellText(method)}, ${powershellText(url)})`,
    ...entries.filter(([name]) => method !== 'PUT' || !isContent(name)).map(add('$request')),
    ...(method === 'PUT' ? upload : []),
    '$reply = (New-Object System.Net.Http.HttpClient).SendAsync($request).Result',
    ...(method === 'GET'
      ? [
          `[IO.File]::WriteAllBytes((Join-Path $PWD ${powershellText(file)}), $reply.Content.ReadAsByteArrayAsync().Result)`,
        ]
      : []),
    '[int]$reply.StatusCode',
  ].join('\n');
}

function scriptHeaders(headers: Readonly<Record<string, string>>): string {
  const fields = Object.entries(headers).map(([name, value]) => `${scriptText(name)}: ${scriptText(value)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
