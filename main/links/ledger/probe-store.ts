import type { Keychain } from '../../accounts/keychain.ts';
import { BoundedMap } from '../../bounded-map.ts';

/** How many links are held that the keychain didn't take. */
const MAX_IN_MEMORY = 500;

/**
 * HEAD links of sessions that can be revoked, in the keychain: by OSS's answer to one of them it is seen that the session was.
 * They are kept under the AccessKey ID of their session. Where there is no keychain, they last until Waybill quits.
 */
export class ProbeStore {
  readonly #keychain: Pick<Keychain, 'getText' | 'setText' | 'delete'>;
  readonly #memory = new BoundedMap<string, string>(MAX_IN_MEMORY);

  constructor(keychain: Pick<Keychain, 'getText' | 'setText' | 'delete'>) {
    this.#keychain = keychain;
  }

  /** Keeps a link. One that can't be kept isn't an error: Waybill then can't see that its session was revoked. */
  async keep(accessKeyId: string, url: string): Promise<void> {
    try {
      await this.#keychain.setText(probeId(accessKeyId), url);
    } catch {
      this.#memory.set(accessKeyId, url);
    }
  }

  /** The link of a session; null where none is at hand, also because the keychain is locked. */
  async find(accessKeyId: string): Promise<string | null> {
    const url = this.#memory.get(accessKeyId);
    return url ?? (await this.#keychain.getText(probeId(accessKeyId)).catch(() => null));
  }

  /** Deletes the link of a session. One that stays in a locked keychain expires by itself. */
  async forget(accessKeyId: string): Promise<void> {
    if (!this.#memory.delete(accessKeyId)) await this.#keychain.delete(probeId(accessKeyId)).catch(() => undefined);
  }
}

/** The prefix keeps them apart from accounts and from the URLs of links. */
function probeId(accessKeyId: string): string {
  return `probe:${accessKeyId}`;
}
