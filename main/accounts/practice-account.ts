import { parseEndpoint } from '../oss/endpoint.ts';
import type { KeyDraft } from './account.ts';

/** Endpoints and owner's credentials of a practice server. */
export interface PracticeServer {
  readonly endpoint: string;
  /** URL or host. The protocol defaults to that of `endpoint`. */
  readonly stsEndpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** A role that the owner may assume. */
  readonly roleArn: string;
}

/** The draft of a practice server's account. Never saved. */
export function practiceDraft(server: PracticeServer): KeyDraft {
  const { protocol } = parseEndpoint(server.endpoint);
  const hasProtocol = /^https?:/.test(server.stsEndpoint);
  return {
    kind: 'key',
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
