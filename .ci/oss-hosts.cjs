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

// The port of HTTPS leads to that of a test's server, which may have no port below 1024.
const port = Number(process.env['OSS_HERE_PORT']);
if (port > 0) {
  const { Socket } = process.getBuiltinModule('node:net');
  const { connect } = Socket.prototype;
  /** @type {(this: import('node:net').Socket, ...given: unknown[]) => import('node:net').Socket} */
  Socket.prototype.connect = function (target, ...rest) {
    const isHttps = typeof target === 'object' && target !== null && 'port' in target && Number(target.port) === 443;
    // @ts-expect-error -- handed on as it came.
    return connect.call(this, isHttps ? { ...target, port } : target, ...rest);
  };
}
