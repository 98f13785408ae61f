import { z } from 'zod';
import { bucketOfHost, readOssHost } from '../../../main/oss/oss-host.ts';
import type { Kind } from '../kind.ts';

const input = z.object({ host: z.string() });

/** The host of a signed link: the bucket, the region and the network that it names. */
export const linkHost: Kind = {
  run: (value) => {
    const found = readOssHost(input.parse(value).host);
    if (found === null) return { bucket: null, region: null, reach: 'custom' };
    return { bucket: bucketOfHost(found), region: found.region, reach: found.reach };
  },
};
