/**
 * A custom domain that is bound to a bucket, with the fields of ListCname.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/listcname
 */
export interface BoundDomain {
  readonly bucket: string;
  /** Requests to a domain that isn't enabled find no bucket. */
  readonly status: 'Enabled' | 'Disabled';
  /** Whether OSS has taken the domain away, such as for one without an ICP filing. Omitted from the reply if undefined. */
  readonly isPurged?: boolean;
  /** The certificate that OSS hosts for the domain; null if it serves HTTP only. */
  readonly certificate: Certificate | null;
}

interface Certificate {
  readonly status: 'Enabled' | 'Disabled';
  /** Unix milliseconds. */
  readonly validFrom: number;
  readonly validUntil: number;
}

/** Custom domains by their names, in lower case. */
export type BoundDomains = ReadonlyMap<string, BoundDomain>;

/** The domains of `given`: a name alone stands for an enabled domain of this bucket, with or without a certificate. */
export function boundDomains(
  given: Readonly<Record<string, string | BoundDomain>>,
  { isSecure, nowMs }: { readonly isSecure: boolean; readonly nowMs: number },
): Map<string, BoundDomain> {
  const year = 365 * 24 * 3_600_000;
  const certificate = { status: 'Enabled', validFrom: nowMs - year, validUntil: nowMs + year } as const;
  return new Map(
    Object.entries(given).map(([name, bound]) => [
      name.toLowerCase(),
      typeof bound === 'string'
        ? { bucket: bound, status: 'Enabled', certificate: isSecure ? certificate : null }
        : bound,
    ]),
  );
}
