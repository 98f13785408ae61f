import { toFailure, WaybillError } from '../failure.ts';
import type { Connection } from '../oss/connection.ts';
import { listObjects } from '../oss/listing.ts';
import type { Expanded } from './expand.ts';
import type { CopyRequest } from './requests.ts';
import type { Work } from './task.ts';

type CopyWork = Extract<Work, { kind: 'copy' }>;

/**
 * The copies that keys and prefixes mean; what is below a prefix is found while the first are already on their way.
 * @throws WaybillError `input` for what would be copied onto or into itself
 */
export async function* expandCopies(
  connection: () => Promise<Connection>,
  request: CopyRequest,
): AsyncGenerator<Expanded> {
  const { from, to, move, name } = request;
  const targetOf = (key: string): string => to.prefix + (name === null ? lastName(key) : name + slashOf(key));
  for (const key of [...from.keys, ...from.prefixes]) refuseItself(request, key, targetOf(key));
  const workOf = (what: CopyWork['what'], source: string, key: string): CopyWork => {
    const { accountId, bucket, versionId } = from;
    const place = { accountId: to.accountId, bucket: to.bucket, key };
    return { kind: 'copy', what, ...place, source: { accountId, bucket, key: source, versionId }, move, copied: null };
  };
  for (const key of from.keys) {
    yield { work: workOf('object', key, targetOf(key)), name: lastName(targetOf(key)), sizeBytes: null, failure: null };
  }
  for (const prefix of from.prefixes) {
    const target = targetOf(prefix);
    const parentLength = target.length - lastName(target).length;
    try {
      let pageToken: string | undefined;
      do {
        const page = await listObjects(await connection(), from.bucket, { prefix, pageToken });
        for (const { key, sizeBytes } of page.objects) {
          const copy = target + key.slice(prefix.length);
          yield { work: workOf('object', key, copy), name: copy.slice(parentLength), sizeBytes, failure: null };
        }
        pageToken = page.nextPageToken ?? undefined;
      } while (pageToken !== undefined);
    } catch (error) {
      const work = workOf('unlisted', prefix, target);
      yield { work, name: lastName(target), sizeBytes: null, failure: toFailure(error) };
    }
  }
}

/** Asks again for what an `unlisted` transfer stands for. */
export function requestOf({ source, accountId, bucket, key, move }: CopyWork): CopyRequest {
  const name = lastName(key);
  return {
    from: { ...source, keys: [], prefixes: [source.key] },
    to: { accountId, bucket, prefix: key.slice(0, key.length - name.length) },
    move,
    name: name.slice(0, -1),
  };
}

function refuseItself({ from, to }: CopyRequest, key: string, target: string): void {
  if (from.bucket !== to.bucket) return;
  if (from.versionId === null && target === key) {
    throw new WaybillError({ kind: 'input', field: 'key', rule: 'copy-onto-itself' });
  }
  if (from.prefixes.includes(key) && target.startsWith(key)) {
    throw new WaybillError({ kind: 'input', field: 'prefix', rule: 'copy-into-itself' });
  }
}

/** The last segment, with its slash for a prefix. */
function lastName(key: string): string {
  return key.slice(key.lastIndexOf('/', key.length - 2) + 1);
}

function slashOf(key: string): string {
  return key.endsWith('/') ? '/' : '';
}
