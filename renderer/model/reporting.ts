import { failureOf } from '../lib/bridge.ts';
import type { News } from './news.ts';

/** What to do with a failed call of a button that has no place of its own for errors. */
export function reportTo(news: News): (error: unknown) => Promise<void> {
  return async (error) => news.failed(await failureOf(error));
}

/** Runs a button's action. It never rejects: a failure becomes a notification. */
export function reporting(news: News): (act: () => Promise<unknown>) => Promise<void> {
  const report = reportTo(news);
  return async (act) => {
    try {
      await act();
    } catch (error) {
      await report(error);
    }
  };
}
