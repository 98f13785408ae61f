/** A span of validity. Times are Unix milliseconds. */
export interface ValidSpan {
  /** Null where the start isn't known, as for a V1 link. */
  readonly from: number | null;
  readonly until: number;
}

/** How near the end is: less than a fifth left is `soon`, less than a twentieth `last`. */
export type Urgency = 'calm' | 'soon' | 'last' | 'over';

/** The share of the span that is left at `now`, from 0 to 1; null where the start isn't known. */
export function shareLeft({ from, until }: ValidSpan, now: number): number | null {
  if (now >= until) return 0;
  if (from === null || from >= until) return null;
  return Math.min(1, (until - now) / (until - from));
}

/** How near the end is at `now`. A span with an unknown start is calm until it is over. */
export function urgencyOf(span: ValidSpan, now: number): Urgency {
  if (now >= span.until) return 'over';
  const left = shareLeft(span, now) ?? 1;
  if (left < 0.05) return 'last';
  return left < 0.2 ? 'soon' : 'calm';
}
