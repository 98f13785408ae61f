import type { SearchLimits } from '../../../main/contract/contract.ts';

export const sizeChoices = ['any', 'over-1-mb', 'over-100-mb', 'over-1-gb', 'under-1-mb'] as const;
export const timeChoices = ['any', 'day', 'week', 'month', 'year', 'older'] as const;

export type SizeChoice = (typeof sizeChoices)[number];
export type TimeChoice = (typeof timeChoices)[number];

const mb = 1024 ** 2;
const dayMs = 24 * 60 * 60 * 1000;

const sizes: Readonly<Record<SizeChoice, Pick<SearchLimits, 'minBytes' | 'maxBytes'>>> = {
  any: { minBytes: null, maxBytes: null },
  'over-1-mb': { minBytes: mb, maxBytes: null },
  'over-100-mb': { minBytes: 100 * mb, maxBytes: null },
  'over-1-gb': { minBytes: 1024 * mb, maxBytes: null },
  'under-1-mb': { minBytes: null, maxBytes: mb - 1 },
};

const days: Readonly<Record<Exclude<TimeChoice, 'any' | 'older'>, number>> = { day: 1, week: 7, month: 30, year: 365 };

/** What the choices mean at this moment (Unix milliseconds). */
export function limitsOf(size: SizeChoice, time: TimeChoice, now: number): SearchLimits {
  if (time === 'any') return { ...sizes[size], after: null, before: null };
  if (time === 'older') return { ...sizes[size], after: null, before: now - days.year * dayMs };
  return { ...sizes[size], after: now - days[time] * dayMs, before: null };
}
