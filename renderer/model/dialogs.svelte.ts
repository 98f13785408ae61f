import type { Account, LedgerItem, LinkCard } from '../../main/contract/contract.ts';

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

/** Objects and folders that something is about to be done to. */
export interface ObjectsSubject {
  readonly accountId: string;
  readonly bucket: string;
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
}

/** Where the files that others are asked for go. */
export interface UploadFolder {
  readonly accountId: string;
  readonly bucket: string;
  readonly prefix: string;
}

/** What somebody was sent: a text, or a file with it. */
export type SentText = { readonly text: string } | { readonly path: string };

/** What the receive card begins with: something to read, or a link that main has read already. */
export type GivenLink = SentText | { readonly card: LinkCard };

/** One bucket of an account. */
export interface BucketSubject {
  readonly accountId: string;
  readonly bucket: string;
}

/** The folder that is shown. */
export interface FolderSubject extends BucketSubject {
  readonly prefix: string;
}

/** One version of an object; `lastModified` is in Unix milliseconds. */
export interface VersionSubject extends BucketSubject {
  readonly key: string;
  readonly versionId: string;
  readonly lastModified: number;
  readonly deleteMarker: boolean;
}

/** A part of an object's properties. */
export type PropertiesTab = 'general' | 'headers' | 'tags' | 'access' | 'storage';

export type OpenDialog =
  | { readonly name: 'share'; readonly object: ShareObject }
  | { readonly name: 'preview'; readonly object: ShareObject }
  | { readonly name: 'palette' }
  | { readonly name: 'grant'; readonly target: GrantTarget }
  | { readonly name: 'share-many'; readonly subject: ObjectsSubject }
  | { readonly name: 'request-uploads'; readonly folder: UploadFolder }
  | { readonly name: 'receive'; readonly given: GivenLink | null }
  | { readonly name: 'account'; readonly account: Account | null }
  | { readonly name: 'new-credentials'; readonly account: Account }
  | { readonly name: 'remove-account'; readonly account: Account }
  | { readonly name: 'delete'; readonly subject: ObjectsSubject }
  | { readonly name: 'delete-failures'; readonly id: string; readonly count: number }
  | { readonly name: 'link-entry'; readonly item: LedgerItem }
  | { readonly name: 'remove-links'; readonly items: readonly LedgerItem[] }
  | { readonly name: 'revoke-plan'; readonly item: LedgerItem }
  | { readonly name: 'rename'; readonly subject: ObjectsSubject }
  | { readonly name: 'copy-to'; readonly subject: ObjectsSubject; readonly move: boolean }
  | { readonly name: 'deleted'; readonly folder: FolderSubject }
  | { readonly name: 'delete-versions'; readonly versions: readonly VersionSubject[] }
  | { readonly name: 'new-bucket'; readonly accountId: string }
  | { readonly name: 'bucket'; readonly subject: BucketSubject }
  | { readonly name: 'delete-bucket'; readonly subject: BucketSubject }
  | { readonly name: 'properties'; readonly object: ShareObject; readonly tab: PropertiesTab }
  | { readonly name: 'change-many'; readonly subject: ObjectsSubject; readonly restores: boolean }
  | { readonly name: 'frozen'; readonly subject: ObjectsSubject; readonly frozen: readonly string[] }
  | { readonly name: 'new-symlink'; readonly object: ShareObject }
  | { readonly name: 'new-folder' }
  | { readonly name: 'cancel-transfers' }
  | { readonly name: 'settings'; readonly tab: SettingsTab }
  | { readonly name: 'keys' };

export type SettingsTab = 'general' | 'transfers' | 'network' | 'lock' | 'help';

/** The one dialog that is open, if any. */
export class Dialogs {
  current = $state.raw<OpenDialog | null>(null);
  #waiting: LinkCard | null = null;

  openShare(object: ShareObject): void {
    this.current = { name: 'share', object };
  }

  openPreview(object: ShareObject): void {
    this.current = { name: 'preview', object };
  }

  openPalette(): void {
    this.current = { name: 'palette' };
  }

  openGrant(target: GrantTarget): void {
    this.current = { name: 'grant', target };
  }

  openShareMany(subject: ObjectsSubject): void {
    this.current = { name: 'share-many', subject };
  }

  /** Links with which others put files into a folder. */
  openRequestUploads(folder: UploadFolder): void {
    this.current = { name: 'request-uploads', folder };
  }

  /** Without a link it shows the empty paste box. */
  openReceive(given: GivenLink | null = null): void {
    this.current = { name: 'receive', given };
  }

  /** The form for a new account, or for the one given. */
  openAccountForm(account: Account | null): void {
    this.current = { name: 'account', account };
  }

  /** New temporary credentials in the place of those that ended. */
  openNewCredentials(account: Account): void {
    this.current = { name: 'new-credentials', account };
  }

  openRemoveAccount(account: Account): void {
    this.current = { name: 'remove-account', account };
  }

  openDelete(subject: ObjectsSubject): void {
    this.current = { name: 'delete', subject };
  }

  /** What of a deletion could not be deleted. */
  openDeleteFailures(id: string, count: number): void {
    this.current = { name: 'delete-failures', id, count };
  }

  openCancelTransfers(): void {
    this.current = { name: 'cancel-transfers' };
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

  /** A new name for one object or folder. */
  openRename(subject: ObjectsSubject): void {
    this.current = { name: 'rename', subject };
  }

  /** Where objects and folders are to be copied or moved. */
  openCopyTo(subject: ObjectsSubject, move: boolean): void {
    this.current = { name: 'copy-to', subject, move };
  }

  /** What was deleted in a folder. */
  openDeleted(folder: FolderSubject): void {
    this.current = { name: 'deleted', folder };
  }

  /** Versions of one bucket that are to go for good. */
  openDeleteVersions(versions: readonly VersionSubject[]): void {
    this.current = { name: 'delete-versions', versions };
  }

  openNewBucket(accountId: string): void {
    this.current = { name: 'new-bucket', accountId };
  }

  /** What is set for a bucket. */
  openBucket(subject: BucketSubject): void {
    this.current = { name: 'bucket', subject };
  }

  openDeleteBucket(subject: BucketSubject): void {
    this.current = { name: 'delete-bucket', subject };
  }

  openProperties(object: ShareObject, tab: PropertiesTab = 'general'): void {
    this.current = { name: 'properties', object, tab };
  }

  /** The properties of many; `restores` begins with restoring them. */
  openChangeMany(subject: ObjectsSubject, restores = false): void {
    this.current = { name: 'change-many', subject, restores };
  }

  /** Some of what is to be downloaded can't be read yet. */
  openFrozen(subject: ObjectsSubject, frozen: readonly string[]): void {
    this.current = { name: 'frozen', subject, frozen };
  }

  /** A symlink that leads to an object. */
  openNewSymlink(object: ShareObject): void {
    this.current = { name: 'new-symlink', object };
  }

  openNewFolder(): void {
    this.current = { name: 'new-folder' };
  }

  openKeys(): void {
    this.current = { name: 'keys' };
  }

  openSettings(tab: SettingsTab = 'general'): void {
    this.current = { name: 'settings', tab };
  }

  /** A link from outside the window is shown at once, or when the dialog that is open has been closed. */
  hand(card: LinkCard): void {
    if (this.current === null || this.current.name === 'receive') this.openReceive({ card });
    else this.#waiting = card;
  }

  close(): void {
    const card = this.#waiting;
    this.#waiting = null;
    this.current = card === null ? null : { name: 'receive', given: { card } };
  }
}
