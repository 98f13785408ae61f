import { linkOptions } from './link-source.ts';
import { type readAnyArgs, serverOptions } from './options.ts';

/** The options of `revoke`. */
export const revokeOptions = {
  ...serverOptions,
  ...linkOptions,
  bucket: { type: 'string' },
  method: { type: 'string' },
  undo: { type: 'boolean' },
  yes: { type: 'boolean' },
} as const;

/** Values of revokeOptions. */
export type RevokeValues = ReturnType<typeof readAnyArgs<typeof revokeOptions>>['values'];
