import { WaybillError } from '../failure.ts';
import { isMainland } from '../oss/endpoint.ts';
import type { Bucket } from '../oss/operations/buckets.ts';
import { listObjects } from '../oss/operations/listing.ts';
import type { Access, Identity } from './access.ts';
import type { DomainFinding } from './bucket-ways.ts';

/** What a check finds out, and the access that it was done with. */
export interface Probe {
  readonly access: Access;
  readonly findings: readonly DomainFinding[];
}

/**
 * Tests an account with the requests that browsing needs anyway: the list of buckets and one data call, or only the data
 * call if the account has a start path. `make` returns its access, which reports what it finds to `onFound`.
 * @throws WaybillError if the first one fails, or if a custom domain comes without a start path
 */
export async function probe(
  make: (onFound: (finding: DomainFinding) => void) => Access,
  identity: Identity,
): Promise<Probe> {
  const findings: DomainFinding[] = [];
  const access = make((finding) => findings.push(finding));
  await checkAccess(access, identity);
  return { access, findings };
}

/** The requests of probe(), with an access that is there. @throws WaybillError as probe() */
export async function checkAccess(access: Access, { startPath, cname }: Identity): Promise<void> {
  if (startPath !== null) await listOne(access, startPath.bucket, startPath.prefix);
  else if (cname) throw new WaybillError({ kind: 'input', field: 'startPath', rule: 'needed-with-cname' });
  else await tryData(access, await access.buckets());
}

/** Finds out whether OSS refuses data calls of this account, in mainland regions. Other refusals concern one bucket. */
async function tryData(access: Access, buckets: readonly Bucket[]): Promise<void> {
  const bucket = buckets.find(({ region }) => isMainland(region)) ?? buckets[0];
  if (bucket === undefined) return;
  await listOne(access, bucket.name, '').catch((error: unknown) => {
    if (!(error instanceof WaybillError)) throw error;
  });
}

async function listOne(access: Access, bucket: string, prefix: string): Promise<void> {
  await access.run(bucket, (connection) => listObjects(connection, bucket, { prefix, maxKeys: 1 }));
}
