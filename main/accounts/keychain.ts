import type * as Keytar from 'keytar';
import { z } from 'zod';
import { WaybillError } from '../failure.ts';
import type { KeychainStatus } from './account.ts';

const secretSchema = z.object({ accessKeySecret: z.string(), securityToken: z.string().nullable() });

/** What belongs to an account and must not be on disk in the clear. */
export type AccountSecret = Readonly<z.infer<typeof secretSchema>>;

/** Where secrets are kept, by ID. Calls fail with a WaybillError `keychain`. */
export interface Keychain {
  get(id: string): Promise<AccountSecret | null>;
  set(id: string, secret: AccountSecret): Promise<void>;
  /** Another secret than an account's, under an ID that no account has. */
  getText(id: string): Promise<string | null>;
  setText(id: string, text: string): Promise<void>;
  delete(id: string): Promise<void>;
  /**
   * Whether it works now. With the ID of an account whose secret was kept also whether it is locked: a secret that is
   * not to be had counts as locked away. Never rejects.
   */
  status(savedId?: string): Promise<KeychainStatus>;
}

/** How long to wait, in milliseconds: for an answer, and for a person who is being asked for a password. */
export interface KeychainTimeouts {
  readonly statusMs: number;
  readonly promptMs: number;
}

/** The name under which a person finds our secrets in the keychain. */
const SERVICE = 'Waybill';

/** The secrets of this run. Its status is `absent`, for nothing outlives it. */
export function memoryKeychain(): Keychain {
  const secrets = new Map<string, AccountSecret>();
  const texts = new Map<string, string>();
  return {
    get: (id) => Promise.resolve(secrets.get(id) ?? null),
    set: (id, secret) => Promise.resolve(void secrets.set(id, secret)),
    getText: (id) => Promise.resolve(texts.get(id) ?? null),
    setText: (id, text) => Promise.resolve(void texts.set(id, text)),
    delete: (id) => Promise.resolve(void (secrets.delete(id), texts.delete(id))),
    status: () => Promise.resolve('absent'),
  };
}

/** macOS Keychain, Windows Credential Manager, or the Secret Service of a Linux desktop. */
export function osKeychain(limits: KeychainTimeouts = { statusMs: 3000, promptMs: 60_000 }): Keychain {
  return new OsKeychain(limits);
}

type KeytarApi = typeof Keytar;

/**
 * keytar's calls block a thread of Node's small pool for as long as the system asks a person for a password. So there
 * is never more than one under way, and nobody waits longer than the limits say. What waited for its turn is then not
 * done any more; the one that is under way cannot be called back.
 */
class OsKeychain implements Keychain {
  readonly #limits: KeychainTimeouts;
  #last: Promise<unknown> = Promise.resolve();

  constructor(limits: KeychainTimeouts) {
    this.#limits = limits;
  }

  async get(id: string): Promise<AccountSecret | null> {
    const text = await this.getText(id);
    return text === null ? null : parseSecret(text);
  }

  set(id: string, secret: AccountSecret): Promise<void> {
    const { accessKeySecret, securityToken } = secret;
    return this.setText(id, JSON.stringify({ accessKeySecret, securityToken }));
  }

  getText(id: string): Promise<string | null> {
    return this.#call(this.#limits.promptMs, (keytar) => keytar.getPassword(SERVICE, id));
  }

  setText(id: string, text: string): Promise<void> {
    return this.#call(this.#limits.promptMs, (keytar) => keytar.setPassword(SERVICE, id, text));
  }

  /** A Secret Service that is locked says "not there" too: only writing tells. */
  delete(id: string): Promise<void> {
    return this.#call(this.#limits.promptMs, async (keytar) => {
      if (await keytar.deletePassword(SERVICE, id)) return;
      await keytar.setPassword(SERVICE, id, '{}');
      await keytar.deletePassword(SERVICE, id);
    });
  }

  async status(savedId?: string): Promise<KeychainStatus> {
    try {
      const id = savedId ?? 'status';
      const found = await this.#call(this.#limits.statusMs, (keytar) => keytar.getPassword(SERVICE, id));
      // Where nobody can be asked for the password, the Secret Service hides what is locked.
      return found === null && savedId !== undefined ? 'locked' : 'available';
    } catch (error) {
      const { failure } = keychainError(error);
      return failure.kind === 'keychain' && failure.reason === 'absent' ? 'absent' : 'locked';
    }
  }

  async #call<T>(limitMs: number, work: (keytar: KeytarApi) => Promise<T>): Promise<T> {
    const givenUp = new AbortController();
    const turn = this.#last.then(async () => {
      givenUp.signal.throwIfAborted();
      return work(await loadKeytar());
    });
    this.#last = turn.catch(() => undefined);
    const timer = setTimeout(() => {
      givenUp.abort(new WaybillError({ kind: 'keychain', reason: 'locked' }));
    }, limitMs);
    try {
      return await Promise.race([turn, rejection(givenUp.signal)]);
    } catch (error) {
      throw keychainError(error);
    } finally {
      clearTimeout(timer);
    }
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as WaybillError);
    });
  });
}

/** Lazily, since it loads a native library that a bare Linux does not have. */
async function loadKeytar(): Promise<KeytarApi> {
  const loaded: KeytarApi & { readonly default?: KeytarApi } = await import('keytar');
  return loaded.default ?? loaded;
}

function parseSecret(text: string): AccountSecret | null {
  try {
    return secretSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** The native parts give nothing but English sentences. */
const noKeychain = /d-?bus|org\.freedesktop|transport|could not connect|native addon|shared object|cannot find/i;

function keychainError(error: unknown): WaybillError {
  if (error instanceof WaybillError) return error;
  const text = error instanceof Error ? error.message : '';
  const reason = noKeychain.test(text) ? 'absent' : /lock/i.test(text) ? 'locked' : 'denied';
  return new WaybillError({ kind: 'keychain', reason }, { cause: error });
}
