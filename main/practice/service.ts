import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { authorise } from './signatures/authorise.ts';
import { type Exchange, type Reply } from './exchange.ts';
import { ConnectionCut, FaultEffects } from './faults/fault-effects.ts';
import type { Faults } from './faults/faults.ts';
import type { Asked, Restrictions } from './faults/restrictions.ts';
import { type ReplyFrame, errorReply, internalError, sendReply } from './operations/http-reply.ts';
import { type FormRequest, checkedFile, readFormRequest } from './operations/post-object.ts';
import { isPublicBlocked } from './operations/public-access.ts';
import type { KeyRing } from './signatures/key-ring.ts';
import { corsHeaders, findCorsRule } from './protocol/cors-rules.ts';
import { Refusal, accessDenied, invalidArgument, notImplemented } from './protocol/refusal.ts';
import { actionsOf, findRoute } from './routes.ts';
import { locationOf } from './protocol/region-hosts.ts';
import type { Store } from './storage/store.ts';
import { answerStsCall, isStsCall } from './sts/sts-service.ts';
import { type Domains, type Target, parseTarget } from './protocol/target.ts';
import { throttled, trafficLimitOf } from './faults/throttle.ts';
import { conditionValues } from './signatures/condition-values.ts';
import type { SignedRequest, VerifyContext } from './signatures/signed-request.ts';
import { verifyForm } from './signatures/verify-form.ts';
import { signatureOf, verify } from './signatures/verify.ts';

/** Dependencies of Service. */
export interface ServiceParts {
  readonly store: Store;
  readonly keys: KeyRing;
  readonly faults: Faults;
  readonly restrictions: Restrictions;
  readonly domains: Domains;
  /** The server's clock, Unix milliseconds. */
  readonly now: () => number;
  /** How long a restore takes, in milliseconds. */
  readonly restoreMs: number;
  /** Receives each error that was answered with 500. */
  readonly onInternalError: (error: unknown) => void;
}

/** An HTTP request being processed. */
interface Incoming {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly method: string;
  readonly frame: ReplyFrame;
  transform: ReplyFrame['transform'];
  /** The bucket that the request names; null until it is known. */
  bucket: string | null;
  /** Set as soon as the body is read; whoever reads it need not end it. */
  body: AsyncIterator<Uint8Array> | null;
  /** Sends `100 Continue` once, if the client waits for it. */
  readonly sendContinue: () => void;
  /** Gives up the connection of a client that still waits for `100 Continue`: it may yet send its body. */
  readonly closeIfWaiting: () => void;
}

/** What an operation works on and under. */
interface Work {
  readonly effects: FaultEffects;
  /** The body, or the file of a form. */
  readonly source: AsyncIterable<Uint8Array>;
}

const MAX_KEY_BYTES = 1023;

/** Answers every request, both OSS and STS. */
export class Service {
  readonly #parts: ServiceParts;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
  }

  /** Answers one request. Never rejects; if no reply can be sent, the connection is closed. */
  async handle(req: IncomingMessage, res: ServerResponse, expectsContinue: boolean): Promise<void> {
    const incoming = this.#receive(req, res, expectsContinue);
    try {
      const reply = await this.#answer(incoming);
      incoming.closeIfWaiting();
      await sendReply(incoming.frame, this.#shared(incoming, reply));
    } catch (error) {
      await this.#answerError(incoming, error);
    } finally {
      // Node discards a body that was never read; one abandoned halfway would block the next request.
      await incoming.body?.return?.();
      req.resume();
    }
  }

  #receive(req: IncomingMessage, res: ServerResponse, expectsContinue: boolean): Incoming {
    const started = performance.now();
    const headers = req.headers as Record<string, string | undefined>;
    const method = req.method ?? 'GET';
    let waiting = expectsContinue;
    const incoming: Incoming = {
      req,
      res,
      headers,
      method,
      transform: (bytes) => bytes,
      bucket: null,
      body: null,
      frame: {
        res,
        method,
        host: headers['host'] ?? '',
        requestId: randomBytes(12).toString('hex').toUpperCase(),
        nowMs: this.#parts.now(),
        elapsedMs: () => Math.ceil(performance.now() - started),
        transform: (bytes) => incoming.transform(bytes),
      },
      sendContinue: () => {
        if (waiting) res.writeContinue();
        waiting = false;
      },
      closeIfWaiting: () => {
        if (waiting) res.setHeader('Connection', 'close');
      },
    };
    return incoming;
  }

  async #answer(incoming: Incoming): Promise<Reply> {
    const { req, headers, method, frame } = incoming;
    const url = req.url ?? '/';
    if (isStsCall(method, url, headers)) return answerStsCall(req, { ...this.#parts, requestId: frame.requestId });
    const { domains, faults } = this.#parts;
    const target = parseTarget(url, headers['host'] ?? '', domains);
    incoming.bucket = target.bucket;
    const route = findRoute(method, target, headers['x-oss-copy-source'] !== undefined);
    const asked = route?.name === 'PostObject' ? await this.#readForm(incoming, target) : { target, headers };
    const subject = { method, operation: route?.name ?? '', bucket: target.bucket, key: asked.target.key };
    const effects = new FaultEffects(faults.take(subject), req.socket);
    incoming.transform = (bytes) => effects.download(bytes);
    await effects.before();
    const { signedBy, identity } = this.#verify(incoming, asked);
    this.#parts.restrictions.checkAccount();
    if (!route) throw notImplemented(`${method} with these parameters`);
    this.#checkTarget({ route, ...asked, signedBy });
    const source = 'file' in asked ? checkedFile(asked, frame.nowMs) : this.#bodyOf(incoming);
    const x = this.#exchange(incoming, { ...asked, identity, signedBy, effects, source });
    for (const action of actionsOf(route, x.target, x.headers)) x.authorise(action, target.bucket ?? '', x.target.key);
    const reply = await route.run(x);
    effects.afterWork();
    return reply;
  }

  /** A form carries its signature in fields, and none of its headers counts. */
  #verify(
    { method, frame }: Incoming,
    asked: FormRequest | Omit<SignedRequest, 'method'>,
  ): Pick<Exchange, 'signedBy' | 'identity'> {
    // A preflight carries the signature of the request that will follow.
    const signedBy = 'file' in asked ? asked.signedBy : method === 'OPTIONS' ? null : signatureOf(asked);
    this.#parts.restrictions.checkSignature(signedBy);
    const context = this.#verifyContext(asked.target, frame.nowMs);
    const identity =
      'file' in asked ? verifyForm(asked.fields, context) : verify({ method, ...asked }, context, signedBy);
    return { signedBy, identity };
  }

  #readForm(incoming: Incoming, target: Target): Promise<FormRequest> {
    incoming.sendContinue();
    return readFormRequest(this.#bodyOf(incoming), { target, headers: incoming.headers });
  }

  /** The body as it arrives. Keeps the connection if its reader stops: a reply still has to be sent. */
  #bodyOf(incoming: Incoming): AsyncIterable<Uint8Array> {
    return { [Symbol.asyncIterator]: () => (incoming.body = incoming.req.iterator({ destroyOnReturn: false })) };
  }

  #verifyContext({ bucket, endpointRegion }: Target, nowMs: number): VerifyContext {
    const { keys, store, domains } = this.#parts;
    const bucketRegion = bucket === null ? undefined : store.find(bucket)?.settings.region;
    return { keys, nowMs, region: endpointRegion ?? bucketRegion ?? domains.region, product: 'oss' };
  }

  #checkTarget(asked: Asked): void {
    const { store, restrictions } = this.#parts;
    const { route, target } = asked;
    if (target.bucket === null) return;
    if (target.addressing === 'second-level') throw secondLevelDomainForbidden();
    if (route.name !== 'PutBucket') {
      const { settings } = store.get(target.bucket);
      if (target.endpointRegion !== null && target.endpointRegion !== settings.region)
        throw wrongEndpoint(target.bucket, settings.region);
      restrictions.checkBucket(asked, settings);
    }
    if (target.key !== null) checkKey(target.key);
    const versionId = target.query.get('versionId');
    if (versionId !== undefined && ['PutObject', 'CopyObject', 'PutSymlink'].includes(route.name)) {
      throw invalidArgument('A version can not be written.', { name: 'versionId', value: versionId });
    }
  }

  #exchange(
    incoming: Incoming,
    asked: Pick<Exchange, 'target' | 'headers' | 'identity' | 'signedBy'> & Work,
  ): Exchange {
    const { store, domains, restoreMs, restrictions } = this.#parts;
    const { target, headers, identity, signedBy, effects, source } = asked;
    const { req, method, frame } = incoming;
    const limit = trafficLimitOf({ headers, target });
    const pace = (bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> =>
      limit === null ? bytes : throttled(bytes, limit);
    incoming.transform = (bytes) => effects.download(pace(bytes));
    const context = conditionValues({
      target,
      headers,
      remoteAddress: req.socket.remoteAddress ?? '',
      isSecure: 'encrypted' in req.socket,
      nowMs: frame.nowMs,
    });
    return {
      method,
      target,
      headers,
      identity,
      signedBy,
      restrictions,
      store,
      region: domains.region,
      customDomains: domains.customDomains,
      nowMs: frame.nowMs,
      restoreMs,
      body: () => {
        incoming.sendContinue();
        return effects.upload(pace(source));
      },
      authorise: (action, name, key) => {
        const bucket = store.find(name);
        const isBlocked = isPublicBlocked(restrictions, bucket);
        const policy = bucket?.policyAt(frame.nowMs);
        const bucketName = name === '' ? null : name;
        authorise(identity, { action, bucket, bucketName, key, policy, context, isPublicBlocked: isBlocked });
      },
    };
  }

  /** Adds what a page of another origin needs to read the reply, if the bucket has a rule for it. */
  #shared({ method, headers, bucket }: Incoming, reply: Reply): Reply {
    const cors = this.#parts.store.find(bucket ?? '')?.settings.cors;
    const { origin } = headers;
    if (cors === undefined || origin === undefined || method === 'OPTIONS') return reply;
    const asked = { origin, method, headers: [] };
    const rule = findCorsRule(cors, asked);
    const vary = cors.varies ? { Vary: 'Origin' } : {};
    return { ...reply, headers: { ...reply.headers, ...vary, ...(rule === null ? {} : corsHeaders(rule, asked)) } };
  }

  async #answerError(incoming: Incoming, error: unknown): Promise<void> {
    const { frame, res, closeIfWaiting } = incoming;
    if (error instanceof ConnectionCut || res.headersSent || res.destroyed) {
      res.destroy();
      return;
    }
    closeIfWaiting();
    const isRefusal = error instanceof Refusal;
    if (!isRefusal) this.#parts.onInternalError(error);
    const refusal = isRefusal ? error : internalError();
    const reply = this.#shared(incoming, errorReply(frame, refusal));
    await sendReply(frame, reply).catch(() => res.destroy());
  }
}

function checkKey(key: string): void {
  const length = Buffer.byteLength(key);
  if (length > MAX_KEY_BYTES) {
    throw invalidName(key, 'The length of object name must be less than 1024.');
  }
  if (key.startsWith('/') || key.startsWith('\\')) throw invalidName(key, 'The specified object is not valid.');
}

function invalidName(key: string, message: string): Refusal {
  return new Refusal(400, {
    code: 'InvalidObjectName',
    message,
    ec: '0016-00000005',
    extra: { ObjectName: key.slice(0, 100) },
  });
}

function wrongEndpoint(bucket: string, region: string): Refusal {
  return accessDenied(
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    '0003-00001403',
    { Bucket: bucket, Endpoint: `${locationOf(region)}.aliyuncs.com` },
  );
}

function secondLevelDomainForbidden(): Refusal {
  return new Refusal(403, {
    code: 'SecondLevelDomainForbidden',
    message: 'The bucket you are attempting to access must be addressed using OSS third level domain.',
    ec: '0048-00000103',
  });
}
