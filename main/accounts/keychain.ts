import type * as Keytar from 'keytar';
import { z } from 'zod';
import { WaybillError } from '../failure.ts';
import { Turns } from '../local-files/turns.ts';
import type { KeychainStatus } from './account.ts';

const secretSchema = z.object({ accessKeySecret: z.string(), securityToken: z.string().nullable() });

/** The secrets of an account, which must never be on disk unencrypted. */
export type AccountSecret = Readonly<z.infer<typeof secretSchema>>;

/** A store of secrets by ID. Its calls reject with a WaybillError `keychain`, except for status(). */
export interface Keychain {
  get(id: string): Promise<AccountSecret | null>;
  set(id: string, secret: AccountSecret): Promise<void>;
  /** A secret that belongs to no account, under a reserved ID. */
  getText(id: string): Promise<string | null>;
  setText(id: string, text: string): Promise<void>;
  delete(id: string): Promise<void>;
  /**
   * Whether the keychain works. With the ID of an account whose secret was stored, also whether it is locked: a stored
   * secret that can't be found counts as locked. Never rejects.
   */
  status(savedId?: string): Promise<KeychainStatus>;
}

/** Timeouts in milliseconds: for status(), and for calls that may prompt the user for a password. */
export interface KeychainTimeouts {
  readonly statusMs: number;
  readonly promptMs: number;
}

/** The name under which the keychain lists Waybill's secrets. */
const SERVICE = 'Waybill';

/** Secrets in memory, gone when Waybill quits. Its status is `absent`. */
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

/** The system's keychain: macOS Keychain, Windows Credential Manager, or the Secret Service of a Linux desktop. */
export function osKeychain(timeouts: KeychainTimeouts = { statusMs: 3000, promptMs: 60_000 }): Keychain {
  return new OsKeychain(timeouts);
}

type KeytarApi = typeof Keytar;

/**
 * keytar's calls block a thread of Node's small pool while the system prompts for a password. So only one runs at a
 * time, and callers wait no longer than the timeouts. A queued call that times out is never made; one that has started
 * can't be cancelled.
 */
class OsKeychain implements Keychain {
  readonly #timeouts: KeychainTimeouts;
  readonly #turns = new Turns();

  constructor(timeouts: KeychainTimeouts) {
    this.#timeouts = timeouts;
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
    return this.#call(this.#timeouts.promptMs, (keytar) => keytar.getPassword(SERVICE, id));
  }

  setText(id: string, text: string): Promise<void> {
    return this.#call(this.#timeouts.promptMs, (keytar) => keytar.setPassword(SERVICE, id, text));
  }

  /** A locked Secret Service also reports "not found". Only a write reveals that it is locked. */
  delete(id: string): Promise<void> {
    return this.#call(this.#timeouts.promptMs, async (keytar) => {
      if (await keytar.deletePassword(SERVICE, id)) return;
      await keytar.setPassword(SERVICE, id, '{}');
      await keytar.deletePassword(SERVICE, id);
    });
  }

  async status(savedId?: string): Promise<KeychainStatus> {
    try {
      const id = savedId ?? 'status';
      const found = await this.#call(this.#timeouts.statusMs, (keytar) => keytar.getPassword(SERVICE, id));
      // If it can't prompt for a password, the Secret Service hides what is locked.
      return found === null && savedId !== undefined ? 'locked' : 'available';
    } catch (error) {
      const { failure } = keychainError(error);
      return failure.kind === 'keychain' && failure.reason === 'absent' ? 'absent' : 'locked';
    }
  }

  async #call<T>(limitMs: number, work: (keytar: KeytarApi) => Promise<T>): Promise<T> {
    const timeout = new AbortController();
    const turn = this.#turns.run(async () => {
      timeout.signal.throwIfAborted();
      return work(await loadKeytar());
    });
    const timer = setTimeout(() => {
      timeout.abort(new WaybillError({ kind: 'keychain', reason: 'locked' }));
    }, limitMs);
    try {
      return await Promise.race([turn, rejection(timeout.signal)]);
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

/** Loaded on first use: it needs a native library (libsecret) that a minimal Linux lacks. */
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

/** Messages of keytar's native code, which has no error codes. */
const noKeychain = /d-?bus|org\.freedesktop|transport|could not connect|native addon|shared object|cannot find/i;

function keychainError(error: unknown): WaybillError {
  if (error instanceof WaybillError) return error;
  const text = error instanceof Error ? error.message : '';
  const reason = noKeychain.test(text) ? 'absent' : /lock/i.test(text) ? 'locked' : 'denied';
  return new WaybillError({ kind: 'keychain', reason }, { cause: error });
}
