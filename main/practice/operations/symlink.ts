import { createHash } from 'node:crypto';
import { type Exchange, type Reply, bucketOf, httpDate } from '../exchange.ts';
import { decodePercent, encodePercent } from '../protocol/percent.ts';
import { findVersion } from './read-object.ts';
import { Refusal, invalidArgument } from '../protocol/refusal.ts';
import { attributesOf, refuseOverwrite, storeNewObject } from './write-object.ts';

const TARGET = 'x-oss-symlink-target';

/** PutSymlink: the target doesn't have to exist. */
export async function putSymlink(x: Exchange): Promise<Reply> {
  const header = x.headers[TARGET];
  if (header === undefined || header === '') {
    throw invalidArgument('The symlink target is missing.', { name: TARGET, value: '', ec: '0043-00000001' });
  }
  const target = decodePercent(header);
  if (target === null) throw invalidArgument('The symlink target is not valid.', { name: TARGET, value: header });
  refuseOverwrite(x);
  const etag = createHash('md5').update(target).digest('hex').toUpperCase();
  const content = { sizeBytes: 0, crc64: '0', contentMd5: null, type: 'Symlink', pieces: [] } as const;
  const version = await storeNewObject(x, attributesOf(x), { ...content, etag, symlinkTarget: target });
  return { status: 200, headers: { ETag: `"${etag}"`, ...bucketOf(x).versionHeader(version) } };
}

/** GetSymlink: returns the target key. */
export async function getSymlink(x: Exchange): Promise<Reply> {
  const version = findVersion(x);
  if (version.symlinkTarget === undefined) {
    throw new Refusal(400, { code: 'NotSymlink', message: 'The object is not symlink', ec: '0043-00000002' });
  }
  return Promise.resolve({
    status: 200,
    headers: {
      ETag: `"${version.etag}"`,
      'Last-Modified': httpDate(version.lastModified),
      [TARGET]: encodePercent(version.symlinkTarget),
      ...bucketOf(x).versionHeader(version),
    },
  });
}
