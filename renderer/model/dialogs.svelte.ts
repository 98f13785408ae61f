import type {
  Account,
  FoundProfile,
  LedgerAct,
  LedgerItem,
  LinkCard,
  LinkListFormat,
  OpenAnswer,
  ReceivedKind,
} from '../../main/contract/contract.ts';
import type { OpenWish } from './files/open-wish.ts';
import { Once } from '../lib/once.ts';
import type { Bookmark } from './browsing/places.svelte.ts';
import type { BucketRef, FolderRef, ObjectRef, ObjectsRef, VersionRef } from '../lib/subjects.ts';

/** Something the user received: text, or a file that contains it. */
export type SentText = { readonly text: string } | { readonly path: string };

/** The content the receive card starts with: something to read, or a link that main has already read. */
export type GivenLink = SentText | { readonly card: LinkCard };

/** Files dropped on a folder, one of which Waybill could open instead of uploading it. */
export interface MixedDrop {
  readonly paths: readonly string[];
  readonly folder: FolderRef;
  /** Whether links are copied once everything is uploaded. */
  readonly copiesLinks: boolean;
  readonly opened: { readonly path: string; readonly kind: AskedKind };
}

/** Files that are more likely meant to be opened than to be uploaded. */
export type AskedKind = Extract<ReceivedKind, 'manifest' | 'upload-request' | 'upload-ticket' | 'grant-code'>;

/** A part of an object's properties. */
export type PropertiesTab = 'general' | 'headers' | 'tags' | 'access' | 'storage';

/** A part of a bucket's properties. */
export type BucketTab = 'general' | 'access' | 'versions' | 'domains' | 'rules' | 'uploads';

export type SettingsTab = 'general' | 'transfers' | 'network' | 'lock' | 'tray' | 'help';

/** What the form for several links begins with. */
export interface ManyStart {
  readonly format: LinkListFormat;
  readonly recipient: string;
  readonly revocable: boolean;
}

/** What is to be revoked: an entry, or all of the act that it stands for. */
export interface Revoked {
  readonly item: LedgerItem;
  readonly act?: LedgerAct;
}

/** A dialog and its props. The table in Dialogs.svelte maps each name to a component. */
export type OpenDialog =
  | { readonly name: 'share'; readonly object: ObjectRef }
  | { readonly name: 'share-cdn'; readonly object: ObjectRef }
  | { readonly name: 'share-public'; readonly object: ObjectRef; readonly copies: boolean }
  | { readonly name: 'preview'; readonly object: ObjectRef }
  | { readonly name: 'palette' }
  | { readonly name: 'grant'; readonly target: ObjectsRef }
  | { readonly name: 'access'; readonly folder: FolderRef }
  | { readonly name: 'share-many'; readonly subject: ObjectsRef; readonly start?: ManyStart }
  | { readonly name: 'request-uploads'; readonly folder: FolderRef }
  | { readonly name: 'receive'; readonly given: Once<GivenLink> | null }
  | { readonly name: 'paste-picture'; readonly picture: File; readonly suggestion: string; readonly folder: FolderRef }
  | { readonly name: 'open-or-upload'; readonly drop: MixedDrop }
  | {
      readonly name: 'account';
      readonly account: Account | null;
      readonly given?: Once<SentText>;
      readonly profile?: FoundProfile;
    }
  | { readonly name: 'new-credentials'; readonly account: Account }
  | { readonly name: 'remove-account'; readonly account: Account }
  | { readonly name: 'delete'; readonly subject: ObjectsRef }
  | { readonly name: 'delete-failures'; readonly id: string; readonly count: number }
  | { readonly name: 'link-entry'; readonly item: LedgerItem }
  | { readonly name: 'arrived'; readonly item: LedgerItem }
  | { readonly name: 'remove-links'; readonly items: readonly LedgerItem[] }
  | ({
      readonly name: 'revoke-plan';
      /** What is asked about afterwards. */ readonly rest?: readonly Revoked[];
    } & Revoked)
  | { readonly name: 'rename'; readonly subject: ObjectsRef }
  | { readonly name: 'copy-to'; readonly subject: ObjectsRef; readonly move: boolean }
  | { readonly name: 'deleted'; readonly folder: FolderRef }
  | { readonly name: 'delete-versions'; readonly versions: readonly VersionRef[] }
  | { readonly name: 'new-bucket'; readonly accountId: string }
  | { readonly name: 'bucket'; readonly subject: BucketRef; readonly tab: BucketTab }
  | { readonly name: 'delete-bucket'; readonly subject: BucketRef }
  | { readonly name: 'properties'; readonly object: ObjectRef; readonly tab: PropertiesTab }
  | { readonly name: 'change-many'; readonly subject: ObjectsRef; readonly restores: boolean }
  | { readonly name: 'frozen'; readonly subject: ObjectsRef; readonly frozen: readonly FrozenObject[] }
  | {
      readonly name: 'open-question';
      readonly object: ObjectRef;
      readonly answer: Exclude<OpenAnswer, { readonly kind: 'opened' }>;
      readonly wish: OpenWish;
    }
  | { readonly name: 'edited-files' }
  | { readonly name: 'edit-conflict'; readonly id: string }
  | { readonly name: 'new-symlink'; readonly object: ObjectRef }
  | { readonly name: 'new-folder' }
  | { readonly name: 'search'; readonly given: string | null }
  | { readonly name: 'bookmark'; readonly mark: Bookmark }
  | { readonly name: 'cancel-transfers' }
  | { readonly name: 'settings'; readonly tab: SettingsTab }
  | { readonly name: 'keys' };

/** An object that can't be read until it is restored, unless its bucket lets Archive objects be read directly. */
export interface FrozenObject {
  readonly key: string;
  readonly storageClass: string;
}

/** The open dialog; at most one is open at a time. */
export class Dialogs {
  current = $state.raw<OpenDialog | null>(null);
  /** In the order in which they were asked for. */
  readonly #waiting: OpenDialog[] = [];

  open(dialog: OpenDialog): void {
    this.current = dialog;
  }

  /** Shows a link from outside the window, immediately or after the open dialog closes. */
  hand(card: LinkCard): void {
    const dialog: OpenDialog = { name: 'receive', given: new Once<GivenLink>({ card }) };
    if (this.current === null || this.current.name === 'receive') this.open(dialog);
    else this.#waiting.push(dialog);
  }

  /** Opens a dialog that was asked for over `before`. One that has been opened since is closed first, by the person. */
  openLate(before: OpenDialog | null, dialog: OpenDialog): void {
    if (this.current === null || this.current === before) this.open(dialog);
    else this.#waiting.push(dialog);
  }

  close(): void {
    this.current = this.#waiting.shift() ?? null;
  }
}
