import { z } from 'zod';
import { serviceEndpoint } from '../../../main/accounts/bucket-place.ts';
import { environmentPlace } from '../../../main/accounts/environment.ts';
import { readServer } from '../../../main/cli/arguments/connect.ts';
import { WaybillError } from '../../../main/failure.ts';
import { bucketUrl } from '../../../main/oss/endpoint.ts';
import { checkBucket } from '../../../main/oss/names.ts';
import { readOssHost } from '../../../main/oss/oss-host.ts';
import type { Kind } from '../kind.ts';

const input = z.object({
  endpoint: z.string().nullable(),
  region: z.string().nullable(),
  bucket: z.string().nullable(),
  cname: z.boolean(),
});

/** Endpoint, region and bucket as the command line takes them: where the request goes, or which of them is wrong. */
export const place: Kind = {
  run: (value) => {
    try {
      return placeOf(input.parse(value));
    } catch (error) {
      if (!(error instanceof WaybillError) || error.failure.kind !== 'input') throw error;
      return { problem: error.failure.field };
    }
  },
};

function placeOf({ endpoint, region, bucket, cname }: z.infer<typeof input>): unknown {
  if (bucket !== null) checkBucket(bucket);
  const values = { endpoint: endpoint ?? undefined, region: region ?? undefined, cname };
  const connection = readServer(values, {
    place: environmentPlace({}),
    signVersion: 'v4',
    stsEndpoint: null,
    ways: {},
  });
  const at = bucket === null ? serviceEndpoint(connection) : connection.endpoint;
  const { host } = bucketUrl(at, bucket, null);
  return {
    host,
    region: connection.region,
    addressing: at.addressing === 'virtual' ? 'subdomain' : at.addressing,
    scheme: at.protocol,
    reach: readOssHost(host)?.reach ?? 'custom',
  };
}
