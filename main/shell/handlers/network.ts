import { formatEndpoint } from '../../oss/endpoint.ts';
import type { Core } from '../core.ts';
import type { Handlers } from '../ipc.ts';
import type { Translate } from '../../words/translator.ts';
import { pickPaths } from './dialogs.ts';

type NetworkCalls = Extract<keyof Handlers, `network.${string}`>;

/** Origin to test when no account is given. */
const DEFAULT_TEST_ORIGIN = 'https://oss-cn-hangzhou.aliyuncs.com';

/** Answers the calls about the proxy and trusted certificate authorities. */
export function networkHandlers(
  { accounts, authorities, network }: Pick<Core, 'accounts' | 'authorities' | 'network'>,
  text: Translate,
): Pick<Handlers, NetworkCalls> {
  return {
    'network.test': async ({ accountId }) => {
      const connection = accountId === null ? null : await accounts.connection(accountId, null);
      return network.test(connection === null ? DEFAULT_TEST_ORIGIN : formatEndpoint(connection.endpoint));
    },
    'network.setPassword': async ({ password }) => {
      await network.setPassword(password);
      return null;
    },
    'network.authorities': () => authorities.list(),
    'network.addAuthorities': async (_, window) => {
      const title = text('dialog.pick-authorities');
      const filters = [{ name: 'PEM', extensions: ['pem', 'crt', 'cer'] }];
      const paths = await pickPaths(window, { title, filters, properties: ['openFile', 'multiSelections'] });
      for (const path of paths) await authorities.add(path);
      if (paths.length > 0) network.reconnect();
      return authorities.list();
    },
    'network.removeAuthority': async ({ fingerprint }) => {
      await authorities.remove(fingerprint);
      network.reconnect();
      return authorities.list();
    },
  };
}
