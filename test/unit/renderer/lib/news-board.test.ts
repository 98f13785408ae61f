import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { inSight, NewsBoard, type NewsItem } from '../../../../renderer/lib/news-board.ts';

function makeNews(title: string, tone: NewsItem['tone'] = 'done'): NewsItem {
  return { tone, title, description: null, actions: [] };
}

const titles = (news: NewsBoard) => [...news.items.values()].map(({ title }) => title);

describe('short news', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('go by themselves; what failed stays longer', () => {
    const news = new NewsBoard();
    news.post(makeNews('refused', 'failed'));
    news.post(makeNews('copied'));
    vi.advanceTimersByTime(5_000);
    expect(titles(news)).toEqual(['refused']);
    vi.advanceTimersByTime(7_000);
    expect(titles(news)).toEqual([]);
  });

  test('are at most three: the oldest makes room', () => {
    const news = new NewsBoard();
    for (const title of ['a', 'b', 'c', 'd']) news.post(makeNews(title, 'failed'));
    expect(titles(news)).toEqual(['b', 'c', 'd']);
  });

  test('that only say what went well make room for the next; what failed or can be undone does not', () => {
    const news = new NewsBoard();
    const action = { label: 'Undo', run: vi.fn() };
    news.post({ ...makeNews('moved'), actions: [action] });
    news.post(makeNews('refused', 'failed'));
    news.post(makeNews('uploading', 'begun'));
    news.post(makeNews('copied'));
    expect(titles(news)).toEqual(['moved', 'refused', 'copied']);
  });

  test('in sight are the newest and what went wrong; what went well before comes back', () => {
    const news = new NewsBoard();
    const action = { label: 'Undo', run: vi.fn() };
    const seen = () => inSight([...news.items]).map(([, { title }]) => title);
    news.post({ ...makeNews('moved'), actions: [action] });
    news.post(makeNews('refused', 'failed'));
    news.post({ ...makeNews('uploaded'), actions: [action] });
    expect(seen()).toEqual(['refused', 'uploaded']);
    const [, , newest] = news.items.keys();
    news.dismiss(newest ?? 0);
    news.dismiss((newest ?? 0) - 1);
    expect(seen()).toEqual(['moved']);
  });

  test('of what began go once it asks', () => {
    const news = new NewsBoard();
    news.post(makeNews('refused', 'failed'));
    news.post(makeNews('uploading', 'begun'));
    news.dismissBegun();
    expect(titles(news)).toEqual(['refused']);
  });

  test('are told once when the same comes again, and stay as long as the last of them', () => {
    const news = new NewsBoard();
    news.post(makeNews('refused', 'failed'));
    vi.advanceTimersByTime(11_999);
    news.post(makeNews('refused', 'failed'));
    expect(titles(news)).toEqual(['refused']);
    vi.advanceTimersByTime(11_999);
    expect(titles(news)).toEqual(['refused']);
    vi.advanceTimersByTime(1);
    expect(titles(news)).toEqual([]);
  });

  test('that can be undone stand for themselves', () => {
    const news = new NewsBoard();
    const action = { label: 'Undo', run: vi.fn() };
    for (let count = 0; count < 2; count += 1) news.post({ ...makeNews('moved'), actions: [action] });
    expect(titles(news)).toEqual(['moved', 'moved']);
  });

  test('stay while somebody is at them, and their whole time after that', () => {
    const news = new NewsBoard();
    news.post(makeNews('copied'));
    news.hold();
    vi.advanceTimersByTime(60_000);
    news.post(makeNews('shared'));
    vi.advanceTimersByTime(60_000);
    expect(titles(news)).toEqual(['copied', 'shared']);
    news.release();
    vi.advanceTimersByTime(4_999);
    expect(titles(news)).toEqual(['copied', 'shared']);
    vi.advanceTimersByTime(1);
    expect(titles(news)).toEqual([]);
  });

  test('go in their time again after the one that was being read was closed', () => {
    const news = new NewsBoard();
    news.post(makeNews('copied'));
    news.hold();
    for (const id of news.items.keys()) news.dismiss(id);
    news.post(makeNews('shared'));
    vi.advanceTimersByTime(5_000);
    expect(titles(news)).toEqual([]);
  });

  test('of a dialog are what happened in it, and neither what began nor what main reports', () => {
    const news = new NewsBoard();
    news.post(makeNews('copied'));
    const dialog = news.enterDialog();
    news.post(makeNews('saved'));
    news.post(makeNews('uploading', 'begun'));
    news.post(makeNews('deleted'), 'window');
    const own = [...news.items.values()].filter((item) => item.dialog === dialog);
    expect(own.map(({ title }) => title)).toEqual(['saved']);
  });

  test('go in their time while a dialog opens and closes', () => {
    const news = new NewsBoard();
    news.post(makeNews('copied'));
    vi.advanceTimersByTime(4_000);
    const dialog = news.enterDialog();
    news.release();
    vi.advanceTimersByTime(999);
    news.leaveDialog(dialog);
    news.release();
    expect(titles(news)).toEqual(['copied']);
    vi.advanceTimersByTime(1);
    expect(titles(news)).toEqual([]);
  });

  test('of what happened behind a dialog wait until it is closed', () => {
    const news = new NewsBoard();
    const first = news.enterDialog();
    news.post(makeNews('deleted'), 'window');
    const second = news.enterDialog();
    news.leaveDialog(first);
    vi.advanceTimersByTime(60_000);
    expect(titles(news)).toEqual(['deleted']);
    news.leaveDialog(second);
    vi.advanceTimersByTime(5_000);
    expect(titles(news)).toEqual([]);
  });
});
