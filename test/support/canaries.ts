import { subscribe } from 'node:diagnostics_channel';
import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join, relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright';

/** What a canary is: where each kind may be seen differs, see below. */
type Kind = 'secret' | 'token' | 'request' | 'link';

const ALL: readonly Kind[] = ['secret', 'token', 'request', 'link'];
/** The page of a person who pasted or asked for a link knows its signature, and nothing else. */
const NOT_IN_A_PAGE: readonly Kind[] = ['secret', 'token', 'request'];
/** The answer of a command may be a link or a session. */
const NOT_AN_ANSWER: readonly Kind[] = ['secret', 'request'];

const MIN_CHARACTERS = 8;
const canaries = new Map<string, { readonly what: string; readonly kind: Kind }>();

/** Marks a secret of this test process; `what` names it in a failure, which must not print the secret itself. */
export function canary(what: string, secret: string, kind: Kind = 'secret'): void {
  if (secret.length >= MIN_CHARACTERS) canaries.set(secret, { what, kind });
}

/** Marks the secrets of an environment. */
export function canariesOf(env: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(env))
    if (/SECRET|TOKEN|PASSWORD|PASSPHRASE|CDN_KEY/.test(name)) canary(name, value);
}

// The servers of a test run in its own process, so that all that Waybill signs for them passes here.
subscribe('http.server.request.start', (message) => {
  const { headers, url } = (message as { readonly request: IncomingMessage }).request;
  const signature = /Signature=([0-9a-f]{64})|^OSS [^:]+:(\S+)/.exec(headers.authorization ?? '');
  canary('the signature of a request', signature?.[1] ?? signature?.[2] ?? '', 'request');
  canary('a security token', String(headers['x-oss-security-token'] ?? ''), 'token');
  const query = new URLSearchParams(url?.split('?')[1]);
  const signatures = ['x-oss-signature', 'Signature'].map((name) => query.get(name) ?? '');
  for (const found of signatures) canary('the signature of a link', found, 'link');
});

/**
 * How much of a secret is looked for in a heap: V8 cuts the strings of a snapshot at 1,024 characters, so that most of a
 * longer token is missing, and all of what begins behind that.
 */
const SEEN_IN_A_HEAP = 64;

/** What is left of a secret in the snapshot of a heap. */
export function inHeap(secret: string): string {
  return secret.slice(0, SEEN_IN_A_HEAP);
}

/**
 * Names of the canaries in a text, plain or as another program would write them. `part` is what is looked for of each form.
 */
function namesIn(text: string, kinds: readonly Kind[], part = (form: string) => form): string[] {
  const names = new Set<string>();
  const look = (secret: string): void => {
    const known = canaries.get(secret);
    if (known !== undefined && kinds.includes(known.kind)) names.add(known.what);
  };
  // Signatures are many: what has their shape is looked up. The others are few, and searched for.
  for (const [hex] of text.matchAll(/[0-9a-f]{64}/g)) look(hex);
  const base64 = /(?<![A-Za-z0-9+/%])(?:[A-Za-z0-9+/]|%2[BF]){27}(?:=|%3D)/gi;
  for (const [found] of text.matchAll(base64)) look(decodeURIComponent(found));
  for (const secret of canaries.keys()) {
    if (/^(?:[0-9a-f]{64}|[A-Za-z0-9+/]{27}=)$/.test(secret)) continue;
    const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
    if (forms.some((form) => text.includes(part(form)))) look(secret);
  }
  return [...names];
}

/** Which files below a folder hold which canary; `exempt` are paths below it that exist to hold one. */
export async function canariesInFiles(
  folder: string,
  exempt: (path: string) => boolean = () => false,
): Promise<string[]> {
  if (folder === '') throw new Error('no folder to search for secrets');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hits: string[] = [];
  for (const file of files) {
    const path = relative(folder, file);
    if (exempt(path)) continue;
    const bytes = await readFile(file).catch(() => Buffer.alloc(0));
    const texts = [bytes.toString('latin1'), bytes.toString('utf16le')];
    hits.push(...texts.flatMap((text) => namesIn(text, ALL)).map((what) => `${path}: ${what}`));
  }
  return hits;
}

/** The canaries in what a program printed besides its answer. */
export function canariesPrinted(output: string): string[] {
  return namesIn(output, ALL).map((what) => `printed: ${what}`);
}

/** The canaries in the answer of a command. */
export function canariesAnswered(output: string): string[] {
  return namesIn(output, NOT_AN_ANSWER).map((what) => `answered: ${what}`);
}

/** The canaries in the heap of a page, after a garbage collection. */
export async function canariesInHeap(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  return namesIn(chunks.join(''), NOT_IN_A_PAGE, inHeap).map((what) => `heap of the page: ${what}`);
}

/** How long a page may take to let go of what it has just shown: a frame that is being drawn still holds it. */
const PAUSES_MS = [0, 500, 1_500, 3_000];

/** The canaries that stay in the heap of a page. */
export async function canariesLeftInHeap(page: Page): Promise<string[]> {
  let left: string[] = [];
  for (const pause of PAUSES_MS) {
    await setTimeout(pause);
    left = await canariesInHeap(page);
    if (left.length === 0) break;
  }
  return left;
}
