import { parseEndpoint } from '../oss/endpoint.ts';
import type { AccountDraft } from './account.ts';

/** How to reach a practice server as its owner. */
export interface PracticeServer {
  readonly endpoint: string;
  /** URL or host; without a protocol it is that of `endpoint`. */
  readonly stsEndpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** What its owner may assume. */
  readonly roleArn: string;
}

/** The account of a practice server, which lives as long as this run. */
export function practiceDraft(server: PracticeServer): AccountDraft {
  const { protocol } = parseEndpoint(server.endpoint);
  const hasProtocol = /^https?:/.test(server.stsEndpoint);
  return {
    name: 'Practice',
    colour: 'teal',
    accessKeyId: server.accessKeyId,
    accessKeySecret: server.accessKeySecret,
    securityToken: null,
    tokenValidUntil: null,
    endpoint: server.endpoint,
    region: server.region,
    cname: false,
    signVersion: 'v4',
    startPath: null,
    role: null,
    stsEndpoint: hasProtocol ? server.stsEndpoint : `${protocol}://${server.stsEndpoint}`,
    defaultExpirySeconds: 3600,
    remember: false,
  };
}
