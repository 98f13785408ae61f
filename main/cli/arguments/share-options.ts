import { linkOptionTable } from './link-options.ts';
import { type readArgs, serverOptions } from './options.ts';

/** The options of `share`. */
export const shareOptions = {
  ...serverOptions,
  ...linkOptionTable,
  method: { type: 'string' },
  'version-id': { type: 'string' },
  header: { type: 'string', multiple: true },
  query: { type: 'string', multiple: true },
  fragment: { type: 'boolean' },
  snippet: { type: 'string' },
  recursive: { type: 'boolean' },
  format: { type: 'string' },
  page: { type: 'boolean' },
  put: { type: 'string' },
  force: { type: 'boolean' },
  cors: { type: 'string' },
} as const;

/** Values of shareOptions. */
export type ShareValues = ReturnType<typeof readArgs<typeof shareOptions>>['values'];
