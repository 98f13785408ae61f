import { type Exchange, type Reply, bodyBytes, bucketOf, xmlReply } from '../../exchange.ts';
import { malformedXml } from '../../protocol/refusal.ts';
import { childText, parseXml, toXml } from '../../protocol/xml.ts';

/** A setting that is either on or off, in the XML of its request and reply. */
interface Flag {
  readonly root: string;
  readonly element: string;
}

const PUBLIC_ACCESS: Flag = { root: 'PublicAccessBlockConfiguration', element: 'BlockPublicAccess' };
const DIRECT_READ: Flag = { root: 'ArchiveDirectReadConfiguration', element: 'Enabled' };

/** GetBucketPublicAccessBlock. */
export async function getBucketPublicAccessBlock(x: Exchange): Promise<Reply> {
  return Promise.resolve(written(PUBLIC_ACCESS, bucketOf(x).settings.blockPublicAccess === true));
}

/** PutBucketPublicAccessBlock. */
export async function putBucketPublicAccessBlock(x: Exchange): Promise<Reply> {
  await x.store.update(bucketOf(x), { blockPublicAccess: await asked(PUBLIC_ACCESS, x) });
  return { status: 200, headers: {} };
}

/** DeleteBucketPublicAccessBlock. */
export async function deleteBucketPublicAccessBlock(x: Exchange): Promise<Reply> {
  await x.store.update(bucketOf(x), { blockPublicAccess: false });
  return { status: 204, headers: {} };
}

/** GetPublicAccessBlock, of the whole account. */
export async function getPublicAccessBlock(x: Exchange): Promise<Reply> {
  return Promise.resolve(written(PUBLIC_ACCESS, x.restrictions.publicAccess));
}

/** PutPublicAccessBlock, of the whole account. */
export async function putPublicAccessBlock(x: Exchange): Promise<Reply> {
  x.restrictions.publicAccess = await asked(PUBLIC_ACCESS, x);
  return { status: 200, headers: {} };
}

/** DeletePublicAccessBlock, of the whole account. */
export async function deletePublicAccessBlock(x: Exchange): Promise<Reply> {
  x.restrictions.publicAccess = false;
  return Promise.resolve({ status: 204, headers: {} });
}

/** GetBucketArchiveDirectRead. */
export async function getBucketArchiveDirectRead(x: Exchange): Promise<Reply> {
  return Promise.resolve(written(DIRECT_READ, bucketOf(x).settings.archiveDirectRead === true));
}

/** PutBucketArchiveDirectRead. */
export async function putBucketArchiveDirectRead(x: Exchange): Promise<Reply> {
  await x.store.update(bucketOf(x), { archiveDirectRead: await asked(DIRECT_READ, x) });
  return { status: 200, headers: {} };
}

function written({ root, element }: Flag, isOn: boolean): Reply {
  return xmlReply(toXml(root, { [element]: isOn }));
}

async function asked({ root, element }: Flag, x: Exchange): Promise<boolean> {
  const document = parseXml((await bodyBytes(x)).toString('utf8'));
  const text = childText(document, element) ?? 'false';
  if (document.name !== root || !/^(true|false)$/i.test(text)) throw malformedXml();
  return text.toLowerCase() === 'true';
}
