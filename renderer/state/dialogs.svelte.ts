import type { Account, LedgerItem } from '../../preload/contract.ts';

/** The object, or the version of it, that is to be shared. */
export interface ShareObject {
  readonly accountId: string;
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | null;
}

/** What temporary access is to be given to. A prefix of '' is the whole bucket. */
export interface GrantTarget {
  readonly accountId: string;
  readonly bucket: string;
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
}

/** Objects, and folders with all in them, that get a link each. */
export interface ShareManySubject {
  readonly accountId: string;
  readonly bucket: string;
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
}

/** What is about to be deleted. */
export interface DeleteSubject {
  readonly accountId: string;
  readonly bucket: string;
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
}

export type OpenDialog =
  | { readonly name: 'share'; readonly object: ShareObject }
  | { readonly name: 'grant'; readonly target: GrantTarget }
  | { readonly name: 'share-many'; readonly subject: ShareManySubject }
  | { readonly name: 'receive'; readonly text: string | null }
  | { readonly name: 'account'; readonly account: Account | null }
  | { readonly name: 'remove-account'; readonly account: Account }
  | { readonly name: 'delete'; readonly subject: DeleteSubject }
  | { readonly name: 'link-entry'; readonly item: LedgerItem }
  | { readonly name: 'remove-links'; readonly items: readonly LedgerItem[] }
  | { readonly name: 'revoke-plan'; readonly item: LedgerItem }
  | { readonly name: 'new-folder' }
  | { readonly name: 'settings' };

/** The one dialog that is open, if any. */
export class Dialogs {
  current = $state.raw<OpenDialog | null>(null);

  openShare(object: ShareObject): void {
    this.current = { name: 'share', object };
  }

  openGrant(target: GrantTarget): void {
    this.current = { name: 'grant', target };
  }

  openShareMany(subject: ShareManySubject): void {
    this.current = { name: 'share-many', subject };
  }

  /** `text` is what was pasted; null shows the empty paste box. */
  openReceive(text: string | null = null): void {
    this.current = { name: 'receive', text };
  }

  /** The form for a new account, or for the one given. */
  openAccountForm(account: Account | null): void {
    this.current = { name: 'account', account };
  }

  openRemoveAccount(account: Account): void {
    this.current = { name: 'remove-account', account };
  }

  openDelete(subject: DeleteSubject): void {
    this.current = { name: 'delete', subject };
  }

  /** What was handed out, with its note. */
  openLinkEntry(item: LedgerItem): void {
    this.current = { name: 'link-entry', item };
  }

  openRemoveLinks(items: readonly LedgerItem[]): void {
    this.current = { name: 'remove-links', items };
  }

  openRevokePlan(item: LedgerItem): void {
    this.current = { name: 'revoke-plan', item };
  }

  openNewFolder(): void {
    this.current = { name: 'new-folder' };
  }

  openSettings(): void {
    this.current = { name: 'settings' };
  }

  close(): void {
    this.current = null;
  }
}
