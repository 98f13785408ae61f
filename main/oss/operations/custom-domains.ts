import { isAddress, readAuthority } from '../../http/authority.ts';
import type { Connection } from '../connection.ts';
import { MAX_CUSTOM_DOMAINS } from '../limits.ts';
import { childrenUpTo, expectRoot, requiredText } from '../exchange/reply-fields.ts';
import { sendForXml } from '../exchange/request.ts';
import type { XmlElement } from '../exchange/xml.ts';
import { child, textOf } from '../exchange/xml.ts';

/** A custom domain of a bucket. */
export interface CustomDomain {
  /** A host name, without protocol or port. */
  readonly name: string;
  /** Whether OSS answers on it: it is enabled, and wasn't taken away. */
  readonly isEnabled: boolean;
  /** Whether OSS holds a certificate for it that is valid now; otherwise it speaks only HTTP. */
  readonly isSecure: boolean;
}

/**
 * ListCname: the custom domains of a bucket. It manages the bucket, so OSS answers on its own host too where that refuses
 * data calls.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/listcname
 */
export async function listCustomDomains(
  connection: Connection,
  bucket: string,
  signal?: AbortSignal,
): Promise<readonly CustomDomain[]> {
  const { root } = await sendForXml(connection, { method: 'GET', bucket, params: { cname: null }, signal });
  expectRoot(root, 'ListCnameResult');
  const now = connection.clock.now();
  return childrenUpTo(root, 'Cname', MAX_CUSTOM_DOMAINS)
    .map((element) => toDomain(element, now))
    .filter(({ name }) => readAuthority(name)?.host === name && !isAddress(name));
}

function toDomain(element: XmlElement, now: number): CustomDomain {
  const certificate = child(element, 'Certificate');
  return {
    name: requiredText(element, 'Domain').toLowerCase(),
    isEnabled: textOf(element, 'Status') === 'Enabled' && textOf(element, 'IsPurged') !== 'true',
    isSecure: certificate !== null && isValid(certificate, now),
  };
}

/** A date that is missing or can't be read doesn't make a certificate invalid: the connection itself checks it. */
function isValid(certificate: XmlElement, now: number): boolean {
  if (textOf(certificate, 'Status') === 'Disabled') return false;
  const from = Date.parse(textOf(certificate, 'ValidStartDate'));
  const until = Date.parse(textOf(certificate, 'ValidEndDate'));
  return !(now < from) && !(now > until);
}
