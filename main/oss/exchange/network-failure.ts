import type { Failure } from '../../failure.ts';
import { malformedReply, WaybillError } from '../../failure.ts';
import { own } from '../../own.ts';

type NetworkReason = Extract<Failure, { kind: 'network' }>['reason'];

/** Error codes of Node's sockets and of undici. */
const reasons: Readonly<Record<string, NetworkReason>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_NODATA: 'dns',
  ENETUNREACH: 'offline',
  EHOSTUNREACH: 'offline',
  ENETDOWN: 'offline',
  EHOSTDOWN: 'offline',
  EADDRNOTAVAIL: 'offline',
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  ENOTCONN: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_CLOSED: 'reset',
  UND_ERR_DESTROYED: 'reset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'reset',
  UND_ERR_PRX_TLS: 'proxy',
  EPROTO: 'tls',
};

/** Error codes that speak of the body's file, or of files in general: a socket is one too. */
const fileReasons: Readonly<Record<string, 'changed' | 'too-many-open'>> = {
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: 'changed',
  EMFILE: 'too-many-open',
  ENFILE: 'too-many-open',
};

/** Codes of Node's TLS errors and of OpenSSL's certificate verification. */
const tlsCode =
  /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/;

/**
 * Classifies an error thrown by a socket or by undici while talking to `host`: `network`, `cancelled`, `oss`
 * MalformedReply for what isn't HTTP, `file` (changed) for a body of another length than announced, or `file`
 * (too-many-open) if no socket could be opened. Returns other errors unchanged, such as those of the body's own stream.
 */
export function networkFailure(error: unknown, host: string): Error {
  if (error instanceof WaybillError) return error;
  if (!(error instanceof Error)) return new Error('not an error', { cause: error });
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // undici reports a refused CONNECT with the code of an abort; only the message holds the proxy's status.
  if (error.message.startsWith('Proxy ')) {
    return network(error.message.includes('(407)') ? 'proxy-password' : 'proxy', host, error);
  }
  if (error.name === 'AbortError' || code === 'UND_ERR_ABORTED') {
    return new WaybillError({ kind: 'cancelled' }, { cause: error });
  }
  const fileReason = own(fileReasons, code);
  if (fileReason !== undefined) {
    return new WaybillError({ kind: 'file', reason: fileReason, path: '' }, { cause: error });
  }
  if (isNotHttp(error, code)) return malformedReply(0, 'the reply is not HTTP', error);
  const reason = reasonOf(error, code);
  return reason === undefined ? error : network(reason, host, error);
}

/**
 * Whether undici found that a reply isn't HTTP. Its parser's errors arrive without their codes (7.30 looks them up the
 * wrong way round), and a status of 101 that nothing led to fails an assertion.
 */
function isNotHttp(error: Error, code: string): boolean {
  const isParserError = error.name === 'HTTPParserError' && !isCutShort(error);
  return isParserError || code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'ERR_ASSERTION';
}

/** Whether the connection ended in the middle of a reply. */
function isCutShort({ name, message }: Error): boolean {
  return name === 'HTTPParserError' && message.includes('Invalid EOF state');
}

function reasonOf(error: Error, code: string): NetworkReason | undefined {
  if (isCutShort(error)) return 'reset';
  // Of AbortSignal.timeout().
  if (error.name === 'TimeoutError') return 'timeout';
  return tlsCode.test(code) ? 'tls' : own(reasons, code);
}

function network(reason: NetworkReason, host: string, cause: Error): WaybillError {
  return new WaybillError({ kind: 'network', reason, host }, { cause });
}
