import { type Credentials, renewingCredentials, type Session } from '../sts/credentials.ts';
import { type FileState, haveChanged } from './file-state.ts';
import { obtain } from './obtain.ts';
import { originOf } from './recipe.ts';
import { lookUp } from './resolve.ts';
import type { CredentialSource, SourceContext } from './source.ts';
import { sourceError } from './source-failure.ts';

/**
 * How long after a renewal a refusal is taken for one of the session before: requests that were signed with it may still
 * be under way.
 */
const SETTLE_MS = 60_000;

/**
 * The credentials of a source, which it is asked for again before they expire, after OSS refused them as expired, and when
 * a file that it reads has changed. Nothing is asked before the first session is needed.
 */
export function sourceCredentials(source: CredentialSource, context: SourceContext): Credentials {
  return new SourceCredentials(source, context);
}

class SourceCredentials implements Credentials {
  #source: CredentialSource;
  readonly #context: SourceContext;
  readonly #sessions: Credentials;
  #last: (Session & { readonly settledAt: number }) | null = null;
  /** The token that OSS refused. */
  #refused: string | null = null;
  #files: readonly FileState[] = [];
  #durationMs = 0;

  constructor(source: CredentialSource, context: SourceContext) {
    this.#source = source;
    this.#context = context;
    this.#sessions = renewingCredentials({
      obtain: () => this.#obtain(),
      durationMs: () => this.#durationMs,
      clock: context.clock,
      isOutdated: () => haveChanged(this.#files),
    });
  }

  session(validForMs = 0): Promise<Session> {
    return this.#sessions.session(validForMs);
  }

  renew(): boolean {
    const last = this.#last;
    if (last === null) return true;
    if (last.validUntil === null) return false;
    if (this.#context.clock.now() < last.settledAt) return true;
    this.#refused = last.accessKey.securityToken;
    return this.#sessions.renew();
  }

  async #obtain(): Promise<Session> {
    const { source, recipe, files } = await lookUp(this.#source, this.#context);
    // From now on it is this one: a chain must not become somebody else in the middle of a transfer.
    this.#source = source;
    const session = await obtain(recipe, this.#context);
    // Not before: where this fails, the session of the files as they were is used a little longer, and no more than that.
    this.#files = files;
    const token = session.accessKey.securityToken;
    if (token !== null && token === this.#refused) throw sourceError('source-expired', originOf(recipe));
    const { clock } = this.#context;
    // STS issues a new session each time. What others hand out expires when it does: asking again for a link's sake
    // doesn't make it last longer.
    const isIssuedAnew = recipe.kind === 'role' || recipe.kind === 'oidc';
    this.#durationMs = isIssuedAnew && typeof session.validUntil === 'number' ? session.validUntil - clock.now() : 0;
    this.#last = { ...session, settledAt: this.#last === null ? 0 : clock.now() + SETTLE_MS };
    return session;
  }
}
