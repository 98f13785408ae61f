import { mkdtemp, rm } from 'node:fs/promises';
import type { LookupFunction } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dispatcher } from 'undici';
import type { KeyDraft } from '../../../main/accounts/account.ts';
import { AccountStore } from '../../../main/accounts/account-store.ts';
import type { AccountsOptions } from '../../../main/accounts/accounts-options.ts';
import { Accounts } from '../../../main/accounts/accounts.ts';
import { memoryKeychain } from '../../../main/accounts/keychain.ts';
import { makeDispatcher } from '../../../main/http/dispatcher.ts';
import { type PracticeOptions, type PracticeServer, startPractice } from '../../../main/practice/server.ts';
import { testCa } from '../../support/tls/certificate.ts';
import { makeDraft } from '../../unit/accounts/make-account.ts';

/** A user who may list and read under `reports/` of the samples, and nothing else. */
export const prefixUser = {
  accessKeyId: 'PREFIXUSER',
  accessKeySecret: 'prefix-secret',
  name: 'reader',
  policy: {
    Version: '1',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'oss:ListObjects',
        Resource: 'acs:oss:*:*:waybill-samples',
        Condition: { StringLike: { 'oss:Prefix': 'reports/*' } },
      },
      { Effect: 'Allow', Action: 'oss:GetObject', Resource: 'acs:oss:*:*:waybill-samples/reports/*' },
    ],
  },
} as const;

/** A user who may read objects of the samples, but list nothing. */
export const objectUser = {
  accessKeyId: 'OBJECTUSER',
  accessKeySecret: 'object-secret',
  name: 'fetcher',
  policy: {
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: 'oss:GetObject', Resource: 'acs:oss:*:*:waybill-samples/*' }],
  },
} as const;

/** A practice server with accounts for it, and a record of all their requests. */
export interface PracticeRun {
  readonly server: PracticeServer;
  readonly accounts: Accounts;
  readonly dispatcher: Dispatcher;
  /** Method and path with query of every request, in order. */
  readonly requests: string[];
  /** A draft for the server's owner. */
  readonly draft: (fields?: Partial<KeyDraft>) => KeyDraft;
  /** `name:PORT` for an OSS host name that resolves to the server. */
  readonly hostUrl: (name: string) => string;
  readonly close: () => Promise<void>;
}

/** Starts a server whose aliyuncs.com names resolve to it. `localNow` is the clock of the accounts. */
export async function startPracticeRun(
  options: Partial<PracticeOptions> & Pick<AccountsOptions, 'localNow' | 'onFound'> = {},
): Promise<PracticeRun> {
  const { localNow, onFound, ...practice } = options;
  const folder = await mkdtemp(join(tmpdir(), 'waybill-practice-'));
  const users = [prefixUser, objectUser];
  const customDomains = { [customDomain]: 'waybill-samples' };
  const server = await startPractice({ dataDir: join(folder, 'practice'), users, customDomains, ...practice });
  const agent = makeDispatcher({ lookup: onlyOss, ca: testCa });
  const requests: string[] = [];
  const dispatcher = agent.compose((dispatch) => (request, handler) => {
    requests.push(`${request.method} ${request.path}`);
    return dispatch(request, handler);
  });
  const store = await AccountStore.open(join(folder, 'accounts.json'));
  const optional = {
    ...(localNow === undefined ? {} : { localNow }),
    ...(onFound === undefined ? {} : { onFound }),
  };
  const accounts = new Accounts({ store, keychain: memoryKeychain(), dispatcher, environment: {}, ...optional });
  const [scheme = '', , port = ''] = server.endpoint.split(':');
  return {
    server,
    accounts,
    dispatcher,
    requests,
    draft: (fields = {}) =>
      makeDraft({
        accessKeyId: server.accessKeyId,
        accessKeySecret: server.accessKeySecret,
        endpoint: server.endpoint,
        region: server.region,
        stsEndpoint: `${scheme}://${server.stsEndpoint}`,
        ...fields,
      }),
    hostUrl: (name) => `${scheme}://${name}:${port}`,
    async close() {
      await agent.destroy();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A custom domain of the samples. */
export const customDomain = 'files.example.com';

/** Resolves OSS host names and custom domains to this machine, and nothing else. */
const onlyOss: LookupFunction = (hostname, options, callback) => {
  if (!/\.(aliyuncs|example)\.com$/.test(hostname)) {
    callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' }), []);
  } else if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};
