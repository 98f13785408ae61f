import { WaybillError } from '../../failure.ts';
import type { Translate } from '../../words/translator.ts';
import type { Consent } from './consent.ts';

/**
 * The longest address that Electron opens on Windows, in characters.
 * @see https://www.electronjs.org/docs/latest/api/shell#shellopenexternalurl-options
 */
const MAX_LENGTH_WINDOWS = 2081;
const MAX_LENGTH = 32_768;

/**
 * An address from a stranger, as the browser gets it: the web's own schemes alone, which start no other program, and
 * without a password, which would be sent along.
 * @throws WaybillError `input` for any other, and for one that is too long
 */
export function browserAddress(address: string, platform: NodeJS.Platform = process.platform): URL {
  const refuse = (rule: string, limit?: number): never => {
    const limited = limit === undefined ? {} : { limit: String(limit) };
    throw new WaybillError({ kind: 'input', field: 'link', rule, ...limited });
  };
  if (!URL.canParse(address)) return refuse('browser-address');
  const url = new URL(address);
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  if (!isWeb || url.username !== '' || url.password !== '') return refuse('browser-address');
  const longest = platform === 'win32' ? MAX_LENGTH_WINDOWS : MAX_LENGTH;
  return url.href.length > longest ? refuse('browser-too-long', longest) : url;
}

/**
 * Asks before the browser opens a pasted address, naming its host in ASCII: a page that was taken over could send away
 * what it knows in the address of any server.
 * @throws WaybillError `cancelled` if the person doesn't agree
 */
export async function confirmBrowser(consent: Consent, text: Translate, { host, protocol }: URL): Promise<void> {
  await consent.require({
    message: text('consent.browser', { host }),
    detail: text(protocol === 'https:' ? 'consent.browser.detail' : 'consent.browser.detail.http'),
    proceed: text('receive.browser'),
  });
}
