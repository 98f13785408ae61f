import type { LinkFields } from '../../parts/link-fields.ts';
import type { ExpiryChoice } from '../../lib/expiry.ts';
import type { NameValue } from '../../lib/name-value.ts';
import type { SizeUnit } from './typed-size.ts';

/** How files are handed in: on a page in a browser, through links, or one large file through a ticket. */
export type RequestWay = 'page' | 'links' | 'ticket';

/** Everything that the dialog holds as typed. What a way doesn't use has no effect on it. */
export interface RequestOptions {
  readonly way: RequestWay;
  readonly expiry: ExpiryChoice;
  readonly note: string;
  readonly recipient: string;
  /** `any`: any number of files, on a page only. */
  readonly slotsBy: 'any' | 'names' | 'count';
  /** One per line; blank lines are skipped. */
  readonly names: string;
  readonly count: string;
  /** The largest size of a file, as a number of `sizeUnit`; empty: as large as OSS accepts. */
  readonly size: string;
  readonly sizeUnit: SizeUnit;
  /** Of a page, separated by commas; of links, one. Empty: any. */
  readonly contentType: string;
  readonly forbidOverwrite: boolean;
  /** Pages only: files are collected in a new folder below this one, of this name. */
  readonly ownFolder: boolean;
  readonly folderName: string;
  /** Pages only: browsers save the files instead of showing them. */
  readonly attachment: boolean;
  readonly storageClass: LinkFields['storageClass'];
  readonly tags: readonly NameValue[];
  readonly linkFormat: 'request' | 'curl';
  /** Pages only: how many large files may be sent in parts; empty: none. Each is as large as the file of a ticket. */
  readonly largeCount: string;
  /** The one file of a ticket: its name below the folder, and its largest size. */
  readonly fileName: string;
  readonly ticketSize: string;
  readonly ticketUnit: SizeUnit;
}

/** The options of a new request. */
export const plainRequest: RequestOptions = {
  way: 'page',
  expiry: { by: 'preset', seconds: 86_400 },
  note: '',
  recipient: '',
  slotsBy: 'any',
  names: '',
  count: '1',
  size: '1',
  sizeUnit: 'GB',
  contentType: '',
  forbidOverwrite: true,
  ownFolder: true,
  folderName: '',
  attachment: true,
  storageClass: '',
  tags: [],
  linkFormat: 'request',
  largeCount: '',
  fileName: '',
  ticketSize: '10',
  ticketUnit: 'GB',
};
