import { type Exchange, type Reply, bodyBytes, bucketOf, xmlReply } from '../../exchange.ts';
import type { RefererRules } from '../../protocol/referer-rules.ts';
import { malformedXml } from '../../protocol/refusal.ts';
import { type XmlElement, childText, parseXml, toXml } from '../../protocol/xml.ts';

const NO_RULES: RefererRules = {
  allowsEmpty: true,
  truncatesQuery: true,
  truncatesPath: false,
  allowed: [],
  refused: [],
};

/** PutBucketReferer. */
export async function putBucketReferer(x: Exchange): Promise<Reply> {
  const document = parseXml((await bodyBytes(x)).toString('utf8'));
  if (document.name !== 'RefererConfiguration') throw malformedXml();
  const referer: RefererRules = {
    allowsEmpty: allowsEmpty(document),
    truncatesQuery: childText(document, 'AllowTruncateQueryString') !== 'false',
    truncatesPath: childText(document, 'TruncatePath') === 'true',
    allowed: listed(document, 'RefererList'),
    refused: listed(document, 'RefererBlacklist'),
  };
  await x.store.update(bucketOf(x), { referer });
  return { status: 200, headers: {} };
}

/** GetBucketReferer. */
export async function getBucketReferer(x: Exchange): Promise<Reply> {
  const rules = bucketOf(x).settings.referer ?? NO_RULES;
  const xml = toXml('RefererConfiguration', {
    AllowEmptyReferer: rules.allowsEmpty,
    AllowTruncateQueryString: rules.truncatesQuery,
    TruncatePath: rules.truncatesPath,
    RefererList: { Referer: rules.allowed },
    RefererBlacklist: rules.refused.length === 0 ? undefined : { Referer: rules.refused },
  });
  return Promise.resolve(xmlReply(xml));
}

function listed(document: XmlElement, name: string): string[] {
  const list = document.children.find((child) => child.name === name);
  return (list?.children ?? []).map(({ text }) => text);
}

/** @see https://www.alibabacloud.com/help/en/oss/support/0033-00000002 and …3, which don't name the code */
function allowsEmpty(document: XmlElement): boolean {
  const value = childText(document, 'AllowEmptyReferer');
  if (value === undefined) throw malformedXml('0033-00000002');
  if (value !== 'true' && value !== 'false') throw malformedXml('0033-00000003');
  return value === 'true';
}
