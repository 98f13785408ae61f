import type { Kind } from './kind.ts';
import { errorWords } from './kinds/error-words.ts';
import { fileName } from './kinds/file-name.ts';
import { linkHost } from './kinds/link-host.ts';
import { pastedLink } from './kinds/pasted-link.ts';
import { pastedCredentials } from './kinds/pasted-credentials.ts';
import { place } from './kinds/place.ts';
import { proxy } from './kinds/proxy.ts';
import { tagging } from './kinds/tagging.ts';

/** The kinds that can be checked, by their name in a file. */
export const kinds: Readonly<Record<string, Kind>> = {
  'error-words': errorWords,
  'file-name': fileName,
  'link-host': linkHost,
  'pasted-credentials': pastedCredentials,
  'pasted-link': pastedLink,
  place,
  proxy,
  tagging,
};
