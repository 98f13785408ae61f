import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { type Failure, WaybillError } from '../../../main/failure.ts';
import { makeDispatcher } from '../../../main/http/dispatcher.ts';
import { type Connection, ServerClock } from '../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';

const closers: (() => Promise<unknown>)[] = [];

/** Closes all servers and connections: call it after each test. */
export async function closeServers(): Promise<void> {
  await Promise.all(closers.splice(0).map((close) => close()));
}

/** A connection to a server with scripted replies. */
export function makeServer(answer: RequestListener, changes: Partial<Connection> = {}): Promise<Connection> {
  return connectTo(createServer(answer), changes);
}

/** A connection to a server that doesn't listen yet. */
export async function connectTo(
  server: Pick<Server, 'listen' | 'address' | 'close'>,
  changes: Partial<Connection> = {},
): Promise<Connection> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const dispatcher = makeDispatcher();
  closers.push(
    () => dispatcher.destroy(),
    () => new Promise((resolve) => server.close(resolve)),
  );
  return {
    endpoint: parseEndpoint(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    region: 'cn-hangzhou',
    signVersion: 'v4',
    accessKey: () =>
      Promise.resolve({ accessKeyId: 'AKIDEXAMPLE', accessKeySecret: 'testSecret', securityToken: null }),
    dispatcher,
    clock: new ServerClock(),
    ...changes,
  };
}

export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const error: unknown = await promise.then(
    () => new Error('did not fail'),
    (reason: unknown) => reason,
  );
  if (error instanceof WaybillError) return error.failure;
  throw error;
}
