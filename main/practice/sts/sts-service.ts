import type { IncomingMessage } from 'node:http';
import type { Reply } from '../exchange.ts';
import { FaultEffects } from '../faults/fault-effects.ts';
import type { Faults } from '../faults/faults.ts';
import type { KeyRing } from '../signatures/key-ring.ts';
import { Query, parseQuery } from '../protocol/query.ts';
import { Refusal } from '../protocol/refusal.ts';
import { type StsResult, answerSts, assumeRoleWithOidc } from './sts.ts';
import { type StsRequest, verifySts } from '../signatures/verify-sts.ts';
import { toXml } from '../protocol/xml.ts';

const MAX_BODY_BYTES = 64 * 1024;
const FORM = 'application/x-www-form-urlencoded';

interface StsContext {
  readonly keys: KeyRing;
  readonly faults: Faults;
  readonly now: () => number;
  readonly requestId: string;
}

type Headers = Readonly<Record<string, string | undefined>>;

/** Whether this is an STS call: by host, `x-acs-action`, `Action`, or a form posted to `/`. */
export function isStsCall(method: string, url: string, headers: Headers): boolean {
  const [path = '', query = ''] = url.split(/\?(.*)/s);
  if (/^sts(-vpc)?\./.test(headers['host'] ?? '') || headers['x-acs-action'] !== undefined) return true;
  if (path !== '/') return false;
  return parseQuery(query).has('Action') || (method === 'POST' && headers['content-type']?.startsWith(FORM) === true);
}

/** Answers an STS call in JSON, or in XML if an RPC call doesn't request JSON. */
export async function answerStsCall(req: IncomingMessage, context: StsContext): Promise<Reply> {
  const { requestId } = context;
  const { action, call } = await readCall(req);
  const isAcs3 = call.headers['x-acs-action'] !== undefined;
  const format = call.form.get('Format') ?? call.query.get('Format') ?? (isAcs3 ? 'JSON' : 'XML');
  try {
    const subject = { method: call.method, operation: action, bucket: null, key: null };
    const effects = new FaultEffects(context.faults.take(subject), req.socket);
    await effects.before();
    const { keys } = context;
    const result =
      action === 'AssumeRoleWithOIDC'
        ? assumeRoleWithOidc(new Query([...call.query.pairs, ...call.form.pairs]), keys, context.now())
        : answerSts(action, verifySts(call, keys, context.now()), keys);
    effects.afterWork();
    return write(format, 200, { name: `${action}Response`, content: { RequestId: requestId, ...result } });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, message } = error.details;
    const host = call.headers['host'] ?? '';
    const content = { RequestId: requestId, HostId: host, Code: code, Message: message };
    return write(format, error.status, { name: 'Error', content });
  }
}

async function readCall(req: IncomingMessage): Promise<{ readonly action: string; readonly call: StsRequest }> {
  const headers = req.headers as Headers;
  const [path = '', rawQuery = ''] = (req.url ?? '/').split(/\?(.*)/s);
  const query = parseQuery(rawQuery);
  const body = await readBody(req);
  const form = headers['content-type']?.startsWith(FORM) === true ? parseQuery(body.toString('latin1')) : new Query([]);
  const action = headers['x-acs-action'] ?? query.get('Action') ?? form.get('Action') ?? '';
  return { action, call: { method: req.method ?? '', path, headers, query, form, body } };
}

function write(format: string, status: number, document: { name: string; content: StsResult }): Reply {
  if (format.toUpperCase() === 'JSON') {
    const headers = { 'Content-Type': 'application/json;charset=utf-8' };
    return { status, headers, body: JSON.stringify(document.content) };
  }
  return {
    status,
    headers: { 'Content-Type': 'text/xml;charset=utf-8' },
    body: toXml(document.name, document.content),
  };
}

async function readBody(req: IncomingMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of req as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_BODY_BYTES)
      throw new Refusal(413, { code: 'RequestTooLarge', message: 'The body is too large.' });
  }
  return Buffer.concat(chunks);
}
