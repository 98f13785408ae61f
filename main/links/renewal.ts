import { z } from 'zod';
import { WaybillError } from '../failure.ts';
import type { CdnIssuer } from './cdn/cdn-issuer.ts';
import { cdnLinkFields } from './cdn/cdn-link.ts';
import type { GrantCard, GrantIssuer } from './grants/grant-issuer.ts';
import type { LedgerEntry } from './ledger/ledger-entry.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { LinkIssuer, RecordedLink } from './making/link-issuer.ts';
import { linkOptionFields } from './making/link-options.ts';

/** A link or grant that was issued again. */
export type Renewed =
  { readonly kind: 'link'; readonly link: RecordedLink } | { readonly kind: 'grant'; readonly grant: GrantCard };

const linkOptions = z.object({
  ...linkOptionFields,
  ownSession: z.boolean().default(false),
  revocable: z.strictObject({ roleArn: z.string().nullable() }).optional(),
});
const cdnOptions = z.object(cdnLinkFields);
const grantOptions = z.object({
  policy: z.string(),
  roleArn: z.string(),
  /** Null: a name of its own each time. */
  sessionName: z.string().nullable(),
  durationSeconds: z.int(),
});

/**
 * Issues the link or grant of a ledger entry again, with the same options and lifetime.
 * @throws WaybillError `input` not-renewable for options that this version doesn't know, or as issue() of the issuer
 */
export async function renew(
  {
    ledger,
    links,
    grants,
    cdn,
  }: {
    readonly ledger: Ledger;
    readonly links: LinkIssuer;
    readonly grants: GrantIssuer;
    readonly cdn: CdnIssuer;
  },
  id: string,
): Promise<Renewed> {
  const entry = ledger.get(id);
  const { accountId, what, note, recipient, signer } = entry;
  if (what.kind === 'link' && signer.kind === 'cdn') {
    const { bucket, key } = what;
    const options = parseOptions(cdnOptions, optionsToRenew(entry));
    const request = { accountId, bucket, domain: signer.domain, key, options };
    return { kind: 'link', link: await cdn.issue(request, { note, recipient, renews: id }) };
  }
  if (what.kind === 'link') {
    const { method, bucket, key, versionId } = what;
    const { ownSession, revocable, ...options } = parseOptions(linkOptions, optionsToRenew(entry));
    const request = { ...options, method, bucket, key, versionId };
    const link = await links.issue(accountId, request, { note, recipient, ownSession, revocable, renews: id });
    return { kind: 'link', link };
  }
  // A ticket or a page is a file, so it goes where a person wants it.
  if (what.kind !== 'grant') throw new WaybillError({ kind: 'input', field: 'options', rule: 'not-renewable' });
  const { bucket, keys, prefixes, allow, sourceIp } = what;
  const scope = { bucket, keys, prefixes, allow, sourceIp };
  const options = parseOptions(grantOptions, entry.options);
  return { kind: 'grant', grant: await grants.issue({ accountId, scope, ...options, note, recipient }, id) };
}

/** Turns a fixed expiry into the lifetime that it was. */
function optionsToRenew({ options, madeAt, validUntil }: LedgerEntry): LedgerEntry['options'] {
  if (options['validUntil'] === undefined) return options;
  const others = Object.entries(options).filter(([name]) => name !== 'validUntil');
  return { ...Object.fromEntries(others), expiresSeconds: Math.max(1, Math.round((validUntil - madeAt) / 1000)) };
}

function parseOptions<T>(schema: z.ZodType<T>, options: LedgerEntry['options']): T {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new WaybillError({ kind: 'input', field: 'options', rule: 'not-renewable' });
}
