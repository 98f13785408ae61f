import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request that a service got. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** An answer; null: none ever comes. */
export type Answered = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | object;
} | null;

/** A small HTTP service. */
export interface Service {
  readonly origin: string;
  readonly asked: Asked[];
}

/** Starts a service that lasts as long as the test. Each answer is dated by the test's clock. */
export async function startService(answer: (asked: Asked) => Answered, now = Date.now): Promise<Service> {
  const asked: Asked[] = [];
  const server = createServer((req, res) => {
    void readBody(req).then((body) => {
      const { method = '', url = '', headers } = req;
      asked.push({ method, path: url, headers, body });
      write(res, answer({ method, path: url, headers, body }), now());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

async function readBody(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function write(res: ServerResponse, answered: Answered, now: number): void {
  if (answered === null) return;
  const { status = 200, headers = {}, body = '' } = answered;
  res.writeHead(status, { date: new Date(now).toUTCString(), ...headers });
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  // A longer length than the body's leaves the answer unfinished.
  if (Number(headers['content-length'] ?? 0) > text.length) res.write(text);
  else res.end(text);
}

/** Credentials as services write them, that expire at a moment in Unix milliseconds. */
export function issuedUntil(expiry: number, name = 'one') {
  return {
    AccessKeyId: `STS.${name}`,
    AccessKeySecret: `secret-of-${name}`,
    SecurityToken: `CAIS-token-of-${name}`,
    Expiration: `${new Date(expiry).toISOString().slice(0, 19)}Z`,
  };
}

/** The metadata service of an ECS instance with a role, as version 2 has it: requests need a token. */
export interface MetadataSetup {
  readonly role?: string;
  /** False: only requests without a token are answered. */
  readonly hasTokens?: boolean;
  readonly credentials: () => Answered;
}

const METADATA_TOKEN = 'metadata-token==';
const ROLES = '/latest/meta-data/ram/security-credentials/';

/** The answers of a metadata service. @see https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata */
export function metadata({ role, hasTokens = true, credentials }: MetadataSetup): (asked: Asked) => Answered {
  return ({ method, path, headers }) => {
    if (path === '/latest/api/token') {
      const isRight = method === 'PUT' && headers['x-aliyun-ecs-metadata-token-ttl-seconds'] === '21600';
      return hasTokens && isRight ? { body: METADATA_TOKEN } : { status: 404, body: '<html>Not Found</html>' };
    }
    const isAllowed = headers['x-aliyun-ecs-metadata-token'] === (hasTokens ? METADATA_TOKEN : undefined);
    if (!isAllowed) return { status: 403, body: 'Forbidden' };
    if (role === undefined) return { status: 404, body: '<html>Not Found</html>' };
    if (path === ROLES) return { body: role };
    return path === `${ROLES}${role}` ? credentials() : { status: 404 };
  };
}
