import { failureOf } from '../lib/bridge.ts';
import type { News } from './news.ts';

/** What to do with a failed call of a button that has no place of its own for errors. */
export function reportTo(news: News): (error: unknown) => void {
  return (error) => void tell(news, error);
}

/** Runs a button's action. It never rejects: a failure becomes a notification. */
export function reporting(news: News): (act: () => Promise<unknown>) => Promise<void> {
  return async (act) => {
    try {
      await act();
    } catch (error) {
      await tell(news, error);
    }
  };
}

async function tell(news: News, error: unknown): Promise<void> {
  news.failed(await failureOf(error));
}
