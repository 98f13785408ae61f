import { BoundedMap } from '../../bounded-map.ts';
import { WaybillError } from '../../failure.ts';
import type { AccountDraft } from '../account.ts';
import { registerSecrets } from '../live-secrets.ts';
import { type PasteReading, readPaste } from './paste.ts';
import type { PastedCredentials } from './paste-fields.ts';

/** Most credentials remembered at once; the oldest are dropped first. */
const MAX_KEPT = 50;

/** Pasted credentials without their secrets, which stay in the main process under `pasteId`. */
export interface PastedAccount extends Omit<PastedCredentials, 'accessKeySecret' | 'securityToken'> {
  readonly pasteId: string;
  /** The pair comes with a security token. */
  readonly temporary: boolean;
}

type Found = Extract<PasteReading, { readonly kind: 'found' }>;

/** The result of reading pasted text, without secrets. */
export type PasteCard =
  (Omit<Found, 'found'> & { readonly found: readonly PastedAccount[] }) | Exclude<PasteReading, Found>;

/** The credentials pasted since Waybill started. */
export class PastedAccounts {
  readonly #kept = new BoundedMap<string, PastedCredentials>(MAX_KEPT);

  clear(): void {
    this.#kept.clear();
  }

  /** Reads pasted text and remembers the credentials in it. Sends nothing. */
  read(text: string): PasteCard {
    const reading = readPaste(text);
    if (reading.kind !== 'found') return reading;
    return { ...reading, found: reading.found.slice(0, MAX_KEPT).map((credentials) => this.keep(credentials)) };
  }

  /** Remembers credentials under a new ID. */
  keep(credentials: PastedCredentials): PastedAccount {
    const pasteId = crypto.randomUUID();
    this.#kept.set(pasteId, registerSecrets(credentials));
    const { source, name, accessKeyId, securityToken, validUntil, endpoint, region, startPath, role } = credentials;
    const temporary = securityToken !== null;
    return { pasteId, temporary, source, name, accessKeyId, validUntil, endpoint, region, startPath, role };
  }

  /** @throws WaybillError `input` for an ID that is unknown or was dropped */
  get(pasteId: string): PastedCredentials {
    const credentials = this.#kept.get(pasteId);
    if (credentials === undefined) throw new WaybillError({ kind: 'input', field: 'paste', rule: 'unknown' });
    return credentials;
  }

  /** Adds the secrets to a draft that was filled in from a paste; the form never had them. */
  fill(draft: AccountDraft, pasteId: string | undefined): AccountDraft {
    if (pasteId === undefined || draft.kind !== 'key') return draft;
    const { accessKeyId, accessKeySecret, securityToken } = this.get(pasteId);
    return { ...draft, accessKeyId, accessKeySecret, securityToken };
  }
}
