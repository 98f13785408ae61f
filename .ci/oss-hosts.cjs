// Loaded into the app or the command line, into their threads too: the hosts of OSS and custom domains are this computer.
const dns = process.getBuiltinModule('node:dns');
const { lookup } = dns;
Object.assign(dns, {
  /** @type {(host: string, ...rest: unknown[]) => void} */
  lookup: (host, ...rest) => {
    const here = /\.(aliyuncs|example)\.com$/.test(host) ? '127.0.0.1' : host;
    // @ts-expect-error -- handed on as it came.
    lookup(here, ...rest);
  },
});
