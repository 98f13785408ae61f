import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/*
 * A node of a CDN that checks URL authentication, written from the documents of types A, B, C and F alone. It shares
 * nothing with main/links/cdn, so that a link it accepts is one that the documents describe.
 */

export interface EdgeRules {
  readonly type: 'A' | 'B' | 'C' | 'F';
  /** The primary key, and a secondary one. */
  readonly keys: readonly string[];
  /** Seconds that a link lasts after the time in it. */
  readonly ttl: number;
  /** Parameters of types C and F; type C without them looks in the path. */
  readonly sign?: string;
  readonly time?: string;
  readonly decimal?: boolean;
  readonly hashesDecoded?: boolean;
}

export type EdgeAnswer =
  { readonly status: 200; readonly path: string } | { readonly status: 403; readonly why: string };

const md5sum = (text: string): string => createHash('md5').update(text, 'utf8').digest('hex');
const refused = (why: string): EdgeAnswer => ({ status: 403, why });

/** What a link says: its time in Unix seconds, its hash, the text that is hashed, and what the origin is asked for. */
interface Claim {
  readonly time: number;
  readonly hash: string;
  readonly text: (key: string) => string;
  readonly path: string;
}

/** A target in pieces, none of them decoded. */
interface Target {
  readonly fileName: string;
  readonly argument: (name: string) => string;
  readonly queryWithout: (...names: string[]) => string;
}

/** What the node does with a request for `target` (path and query as they were sent) at `now`, in Unix seconds. */
export function edgeAnswer(rules: EdgeRules, target: string, now: number): EdgeAnswer {
  if (/[^\x21-\x7e]/.test(target)) return refused('the URL has characters that are not ASCII');
  const claim = claimOf(rules, piecesOf(target));
  if (typeof claim === 'string') return refused(claim);
  const { time, hash, text, path } = claim;
  if (time + rules.ttl < now) return refused('expired');
  if (!/^[0-9a-f]{32}$/.test(hash)) return refused('no hash of 32 digits and small letters');
  return rules.keys.some((key) => md5sum(text(key)) === hash) ? { status: 200, path } : refused('wrong hash');
}

function piecesOf(target: string): Target {
  const mark = target.indexOf('?');
  const pairs = mark < 0 ? [] : target.slice(mark + 1).split('&');
  return {
    fileName: mark < 0 ? target : target.slice(0, mark),
    argument: (name) => pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? '',
    queryWithout: (...names) => {
      const left = pairs.filter((pair) => !names.some((name) => pair.startsWith(`${name}=`)));
      return left.length === 0 ? '' : `?${left.join('&')}`;
    },
  };
}

/** The claim of a link, or why it has none. */
function claimOf(rules: EdgeRules, target: Target): Claim | string {
  if (rules.type === 'A') return claimOfA(target);
  if (rules.type === 'B') return claimOfB(target);
  return rules.type === 'C' && rules.sign === undefined ? claimOfPath(target) : claimOfNames(rules, target);
}

/** `/FileName?auth_key=timestamp-rand-uid-md5sum(FileName-timestamp-rand-uid-PrivateKey)` */
function claimOfA({ fileName, argument, queryWithout }: Target): Claim | string {
  const [timestamp = '', rand = '', uid = '', hash = '', ...more] = argument('auth_key').split('-');
  if (more.length > 0 || !/^\d{10}$/.test(timestamp)) return 'auth_key';
  const text = (key: string): string => `${fileName}-${timestamp}-${rand}-${uid}-${key}`;
  return { time: Number(timestamp), hash, text, path: fileName + queryWithout('auth_key') };
}

/** `/YYYYMMDDHHMM/md5sum(PrivateKey timestamp FileName)/FileName`, at UTC+8 */
function claimOfB({ fileName, queryWithout }: Target): Claim | string {
  const [, timestamp = '', hash = '', ...rest] = fileName.split('/');
  if (!/^\d{12}$/.test(timestamp)) return 'no minutes';
  const [date, hour, minute] = [timestamp.slice(0, 8), timestamp.slice(8, 10), timestamp.slice(10)];
  const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
  const time = Date.parse(`${day}T${hour}:${minute}:00+08:00`) / 1000;
  const file = `/${rest.join('/')}`;
  return Number.isNaN(time)
    ? 'no minutes'
    : { time, hash, text: (key) => key + timestamp + file, path: file + queryWithout() };
}

/** `/md5sum(PrivateKey FileName timestamp)/timestamp/FileName`, the time in hexadecimal digits */
function claimOfPath({ fileName, queryWithout }: Target): Claim | string {
  const [, hash = '', timestamp = '', ...rest] = fileName.split('/');
  if (!/^[0-9a-fA-F]{8}$/.test(timestamp)) return 'no time';
  const file = `/${rest.join('/')}`;
  return { time: parseInt(timestamp, 16), hash, text: (key) => key + file + timestamp, path: file + queryWithout() };
}

/** The same hash in parameters: format 2 of type C, and type F, which takes no other parameters. */
function claimOfNames(rules: EdgeRules, { fileName, argument, queryWithout }: Target): Claim | string {
  const { sign = 'sign', time: timeName = 'time', type, decimal = false, hashesDecoded = false } = rules;
  const timestamp = argument(timeName);
  const query = queryWithout(sign, timeName);
  if (type === 'F' && query !== '') return 'type F takes no other parameters';
  if (!(decimal ? /^\d{10}$/ : /^[0-9a-fA-F]{8}$/).test(timestamp)) return 'no time';
  const hashed = hashesDecoded ? decodeURIComponent(fileName) : fileName;
  const text = (key: string): string => key + hashed + timestamp;
  return { time: parseInt(timestamp, decimal ? 10 : 16), hash: argument(sign), text, path: fileName + query };
}

export interface Edge {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** What was asked for, in order. */
  readonly seen: string[];
  rules: EdgeRules | null;
  close(): Promise<void>;
}

/**
 * Serves `files` (by their percent-encoded path, from the slash) to whoever has a link that `rules` accept; to everybody
 * with null.
 */
export async function startEdge(rules: EdgeRules | null, files: Readonly<Record<string, string>>): Promise<Edge> {
  const server: Server = createServer((request, response) => {
    const target = request.url ?? '';
    edge.seen.push(target);
    const answer =
      edge.rules === null
        ? { status: 200 as const, path: target }
        : edgeAnswer(edge.rules, target, Math.floor(Date.now() / 1000));
    if (answer.status === 403) {
      response.writeHead(403, { 'content-type': 'text/html', 'x-tengine-error': answer.why }).end(answer.why);
      return;
    }
    const body = files[answer.path.split('?')[0] ?? ''];
    if (body === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const edge: Edge = {
    origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    seen: [],
    rules,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  return edge;
}
