import { linkOptions } from './link-source.ts';
import { type readAnyArgs, serverOptions } from './options.ts';
import type { OptionTable } from '../usage/usage.ts';

/** The options of `revoke`. */
export const revokeOptions = {
  undo: { type: 'boolean', meaning: 'take the statement away that denies it' },
  bucket: { type: 'string', argument: 'NAME', value: 'bucket', meaning: 'the bucket of a link on a custom domain' },
  method: {
    ...{ type: 'string', argument: 'METHOD', value: ['GET', 'HEAD', 'PUT', 'DELETE'] },
    meaning: "PUT or DELETE, for a link whose URL doesn't say what it is for",
  },
  yes: { type: 'boolean', meaning: 'deny what an AccessKey signs without asking' },
  ...linkOptions,
  ...serverOptions,
} as const satisfies OptionTable;

/** Values of revokeOptions. */
export type RevokeValues = ReturnType<typeof readAnyArgs<typeof revokeOptions>>['values'];
