import type { LinkCard } from './link-card.ts';

type Unusable = Exclude<LinkCard, { kind: 'link' }>;

/** Why a text is no usable signed OSS URL: damaged, unsigned, of another service, or no link at all. */
export function readUnusable(text: string): Unusable {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return { kind: 'not-a-link' };
  return { kind: 'foreign', host: url.host, service: 'other' };
}
