import type { LinkPlan, LinkValidity } from '../../../main/contract/contract.ts';
import type { call } from '../../lib/bridge.ts';
import type { FolderRef } from '../../lib/subjects.ts';
import type { RequestOptions } from './request-options.ts';

/** What a form asks main for. */
export interface Asked {
  readonly folder: FolderRef;
  readonly hasRole: boolean;
  readonly expiresSeconds: number;
  readonly options: RequestOptions;
}

/** A file that main saves, or something on the clipboard: the same text, or the form of a page for other programs. */
export type Output = 'file' | 'text' | 'json' | 'curl';

/** What was created: where it was saved (null: copied), and for how many files; null if their number isn't limited. */
export interface Made extends LinkValidity {
  readonly output: Output;
  readonly path: string | null;
  readonly files: number | null;
}

/** How one way of handing in is planned and created by main. */
export interface Way {
  /** Signs and sends nothing. */
  check(callMain: typeof call, asked: Asked): Promise<LinkPlan>;
  /** Null if the person cancelled main's save dialog. */
  make(callMain: typeof call, asked: Asked, as: Output): Promise<Made | null>;
}
