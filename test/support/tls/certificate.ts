import { readFileSync } from 'node:fs';

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}

/** PEM text of the CA that test clients trust. */
export const testCa = read('ca.crt');

/**
 * Key and certificate of a TLS practice server. Names: oss-cn-hangzhou, buckets below oss-cn-hangzhou, oss-cn-beijing and
 * oss-accelerate, all of *.aliyuncs.com, sts.cn-hangzhou, files.example.com, localhost, 127.0.0.1.
 */
export const testTls = { key: read('server.key'), cert: read('server.crt') };
