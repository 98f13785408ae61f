import { failureOf } from '../lib/bridge.ts';
import type { News } from './news.ts';

/** What to do with a rejected call of a button that has no place of its own for an error. */
export function reportTo(news: News): (error: unknown) => void {
  return (error) => news.failed(failureOf(error));
}
