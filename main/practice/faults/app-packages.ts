import type { Exchange } from '../exchange.ts';
import { isPublicHost } from './restrictions.ts';
import { Refusal } from '../protocol/refusal.ts';

/** Content types of apps, as a whole: with a parameter behind it, a type passes. */
const TYPES = new Set(['application/vnd.android.package-archive', 'application/iphone']);

/**
 * Refuses an app's package on OSS's own hosts, by its name or its type, unless the request is signed in a header.
 * @throws Refusal `ApkDownloadForbidden`
 * @see https://help.aliyun.com/zh/oss/support/0048-00000203, which is about acceleration hosts
 */
export function refusePackage(x: Exchange, contentType: string): void {
  const { target, signedBy, restrictions } = x;
  if (!restrictions.packages || signedBy?.place === 'header') return;
  if (!/\.(apk|ipa)$/i.test(target.key ?? '') && !TYPES.has(contentType)) return;
  const isAccelerated = /(^|\.)oss-accelerate(-overseas)?\./.test(target.host);
  if (!isAccelerated && !isPublicHost(target)) return;
  throw new Refusal(400, {
    code: 'ApkDownloadForbidden',
    message:
      'The APK file is not allowed to be distributed in a public network using the OSS endpoint, please use CNAME instead.',
    ...(isAccelerated ? { ec: '0048-00000203' } : {}),
  });
}
