import { z } from 'zod';
import { environmentProxy } from '../../../main/cli/arguments/environment-proxy.ts';
import type { Kind } from '../kind.ts';

const input = z.object({ env: z.record(z.string(), z.string()), url: z.string() });

/** Environment variables and a URL: the proxy that curl uses. */
export const proxy: Kind = {
  run: (value) => {
    const { env, url } = input.parse(value);
    const found = environmentProxy(url, env);
    if (found === null) return { proxy: null };
    const [, scheme = '', host = '', port = ''] = /^(\w+):\/\/\[?(.+?)\]?:(\d+)$/.exec(found.url) ?? [];
    const { user = null, password = null } = found.credentials ?? {};
    return { proxy: { scheme, host, port: Number(port), username: user, password } };
  },
};
