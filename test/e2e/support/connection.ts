import { makeDispatcher } from '../../../main/http/dispatcher.ts';
import { type Connection, ServerClock } from '../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';
import type { PracticeServer } from '../../../main/practice/server.ts';

/** Requests to the server as its owner, without a window. The caller destroys its dispatcher. */
export function connectTo({ endpoint, region, accessKeyId, accessKeySecret }: PracticeServer): Connection {
  return {
    ...{ endpoint: parseEndpoint(endpoint), region, signVersion: 'v4', clock: new ServerClock() },
    accessKey: () => Promise.resolve({ accessKeyId, accessKeySecret, securityToken: null }),
    dispatcher: makeDispatcher(),
  };
}
