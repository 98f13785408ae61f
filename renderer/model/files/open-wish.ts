import type { ArgsOf } from '../../../main/contract/contract.ts';

/** How an object is opened. */
export type OpenWish = Partial<Pick<ArgsOf<'editing.open'>, 'use' | 'program' | 'isLargeFine'>>;
