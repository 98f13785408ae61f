import { own } from '../../own.ts';
import { type Exchange, type Reply, bodyBytes } from '../exchange.ts';
import { updateInPlace } from './object-settings.ts';
import type { Restoring } from '../storage/object-version.ts';
import { findVersion } from './read-object.ts';
import { Refusal, malformedXml } from '../protocol/refusal.ts';
import { isArchived } from '../storage/storage-class.ts';
import { childText, parseXml } from '../protocol/xml.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Maximum days of a restored copy and its tiers, slowest first, by storage class. */
const RULES: Readonly<Record<string, { readonly days: number; readonly tiers: readonly string[] }>> = {
  Archive: { days: 7, tiers: ['Standard'] },
  ColdArchive: { days: 365, tiers: ['Bulk', 'Standard', 'Expedited'] },
  DeepColdArchive: { days: 365, tiers: ['Standard', 'Expedited'] },
};

/**
 * RestoreObject: 202 starts a restore, 409 while one is running (unless for a faster tier), 200 extends a restored copy.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/restoreobject
 */
export async function restoreObject(x: Exchange): Promise<Reply> {
  const version = findVersion(x);
  const { days, tier } = await readRequest(x, version.storageClass);
  if (!isArchived(version)) throw notSupported();
  const { nowMs, restoreMs } = x;
  const { restoring } = version;
  if (restoring !== undefined && nowMs < restoring.expiresAt) {
    if (nowMs >= restoring.readyAt) {
      return updateInPlace(x, { restoring: { ...restoring, expiresAt: nowMs + days * DAY_MS } }, 200);
    }
    const tiers = own(RULES, version.storageClass)?.tiers ?? [];
    if (tiers.indexOf(tier) <= tiers.indexOf(restoring.tier)) throw alreadyInProgress();
  }
  const readyAt = nowMs + restoreMs;
  const begun: Restoring = { readyAt, expiresAt: readyAt + days * DAY_MS, tier };
  return updateInPlace(x, { restoring: begun }, 202);
}

async function readRequest(x: Exchange, storageClass: string): Promise<{ days: number; tier: string }> {
  const body = (await bodyBytes(x)).toString('utf8');
  const { days: mostDays, tiers } = own(RULES, storageClass) ?? { days: 365, tiers: ['Standard'] };
  if (body === '') return { days: 1, tier: 'Standard' };
  const document = parseXml(body);
  const text = childText(document, 'Days') ?? '';
  const days = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  const parameters = document.children.find(({ name }) => name === 'JobParameters');
  const tier = (parameters && childText(parameters, 'Tier')) ?? 'Standard';
  if (document.name !== 'RestoreRequest' || days < 1 || days > mostDays || !tiers.includes(tier)) throw malformedXml();
  return { days, tier };
}

function notSupported(): Refusal {
  return new Refusal(400, {
    code: 'OperationNotSupported',
    message: 'The operation is not supported for this resource',
    extra: { ResourceType: 'Object', Detail: 'RestoreObject operation does not support this object storage class' },
  });
}

function alreadyInProgress(): Refusal {
  return new Refusal(409, { code: 'RestoreAlreadyInProgress', message: 'The restore operation is in progress.' });
}
