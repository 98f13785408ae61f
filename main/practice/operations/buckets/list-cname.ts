import { createHash } from 'node:crypto';
import { type Exchange, OWNER, type Reply, bucketOf, httpDate, isoDate, xmlReply } from '../../exchange.ts';
import type { BoundDomain } from '../../protocol/bound-domain.ts';
import { type XmlValue, toXml } from '../../protocol/xml.ts';

/** ListCname: the custom domains of the bucket. */
export async function listCname(x: Exchange): Promise<Reply> {
  const { name, createdAt } = bucketOf(x).settings;
  const mine = [...x.customDomains].filter(([, { bucket }]) => bucket === name);
  const list = mine.map(([domain, bound]) => ({
    Domain: domain,
    LastModified: isoDate(createdAt),
    Status: bound.status,
    IsPurged: bound.isPurged,
    Certificate: bound.certificate === null ? undefined : describe(domain, bound.certificate),
  }));
  return Promise.resolve(xmlReply(toXml('ListCnameResult', { Bucket: name, Owner: OWNER.DisplayName, Cname: list })));
}

function describe(
  domain: string,
  { status, validFrom, validUntil }: NonNullable<BoundDomain['certificate']>,
): { readonly [name: string]: XmlValue } {
  const digest = createHash('sha1').update(domain).digest('hex').toUpperCase();
  return {
    Type: 'CAS',
    CertId: '493****-cn-hangzhou',
    Status: status,
    CreationDate: httpDate(validFrom),
    Fingerprint: digest.replace(/(..)(?=.)/g, '$1:'),
    ValidStartDate: httpDate(validFrom),
    ValidEndDate: httpDate(validUntil),
  };
}
