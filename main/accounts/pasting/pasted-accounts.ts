import { BoundedMap } from '../../bounded-map.ts';
import { WaybillError } from '../../failure.ts';
import type { AccountDraft } from '../account.ts';
import { type PasteReading, readPaste } from './paste.ts';
import type { PastedCredentials } from './paste-fields.ts';

/** How many are remembered; the oldest go first. */
const MAX_KEPT = 50;

/** Credentials that were pasted, without their secrets: those stay in main under `pasteId`. */
export interface PastedAccount extends Omit<PastedCredentials, 'accessKeySecret' | 'securityToken'> {
  readonly pasteId: string;
  /** A security token belongs to the pair. */
  readonly temporary: boolean;
}

/** What a pasted text turned out to hold. */
export type PasteCard =
  | { readonly kind: 'found'; readonly found: readonly PastedAccount[] }
  | Exclude<PasteReading, { readonly kind: 'found' }>;

/** The credentials that were pasted in this run. */
export class PastedAccounts {
  readonly #kept = new BoundedMap<string, PastedCredentials>(MAX_KEPT);

  /** Reads a pasted text, sending nothing. */
  read(text: string): PasteCard {
    const reading = readPaste(text);
    if (reading.kind !== 'found') return reading;
    return { kind: 'found', found: reading.found.slice(0, MAX_KEPT).map((credentials) => this.keep(credentials)) };
  }

  /** Remembers credentials under an ID of their own. */
  keep(credentials: PastedCredentials): PastedAccount {
    const pasteId = crypto.randomUUID();
    this.#kept.set(pasteId, credentials);
    const { source, name, accessKeyId, securityToken, validUntil, endpoint, region, startPath, role } = credentials;
    const temporary = securityToken !== null;
    return { pasteId, temporary, source, name, accessKeyId, validUntil, endpoint, region, startPath, role };
  }

  /** @throws WaybillError `input` for an ID that is not known (any more) */
  get(pasteId: string): PastedCredentials {
    const credentials = this.#kept.get(pasteId);
    if (credentials === undefined) throw new WaybillError({ kind: 'input', field: 'paste', rule: 'unknown' });
    return credentials;
  }

  /** The draft of a form that was filled in from a paste: with the secrets, which the form never had. */
  fill(draft: AccountDraft, pasteId: string | undefined): AccountDraft {
    if (pasteId === undefined) return draft;
    const { accessKeyId, accessKeySecret, securityToken } = this.get(pasteId);
    return { ...draft, accessKeyId, accessKeySecret, securityToken };
  }
}
