// Loaded into the app for the pictures, into its threads too: the hosts of OSS are this computer.
const dns = process.getBuiltinModule('node:dns');
const { lookup } = dns;
Object.assign(dns, {
  /** @type {(host: string, ...rest: unknown[]) => void} */
  lookup: (host, ...rest) => {
    const here = host.endsWith('.aliyuncs.com') ? '127.0.0.1' : host;
    // @ts-expect-error -- handed on as it came.
    lookup(here, ...rest);
  },
});
