import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type TrayEntry, type TrayLink, trayLook, type TrayState } from '../../../../main/shell/tray/tray-menu.ts';
import { translator } from '../../../../main/words/translator.ts';
import { t } from '../../../support/words.ts';

const english = translator('en');
const still = { moving: 0, paused: 0, blocked: 0, bytesPerSecond: 0, progress: null };
const idle = { isLocked: false, activity: still, folder: 'oss://photos/album/', links: [] } as const;

function makeLink(key: string, changes: Partial<TrayLink> = {}): TrayLink {
  const what = { kind: 'link', method: 'GET', bucket: 'photos', key, versionId: null } as const;
  return { id: `id of ${key}`, what, validUntil: Date.UTC(2026, 11, 1, 12), isUrlKnown: true, ...changes };
}

function flat(entries: readonly TrayEntry[]): readonly Exclude<TrayEntry, { kind: 'separator' }>[] {
  return entries.flatMap((entry) => {
    if (entry.kind === 'separator') return [];
    return entry.kind === 'menu' ? [entry, ...flat(entry.entries)] : [entry];
  });
}

function look(state: TrayState, platform: NodeJS.Platform = 'linux') {
  const { tip, entries } = trayLook(state, english, platform);
  return { tip, labels: flat(entries).map(({ label }) => label), ids: flat(entries).map(({ id }) => id), entries };
}

const linksOf = (links: readonly TrayLink[]) =>
  flat(look({ ...idle, links }).entries).filter(({ id }) => id.startsWith('link:'));

describe('the menu of the tray item', () => {
  test('says that nothing moves, where files go, and that there are no links', () => {
    const { tip, labels } = look(idle);
    expect(tip).toBe('Waybill');
    expect(labels).toEqual([
      t('tray.idle'),
      t('tray.folder', { folder: 'oss://photos/album/' }),
      t('menu.upload-files'),
      t('tray.copy-link'),
      t('tray.no-links'),
      t('tray.open'),
      t('tray.quit'),
    ]);
  });

  test('says how many transfers run, how far they are and how fast, and pauses them', () => {
    const activity = { ...still, moving: 3, bytesPerSecond: 2 * 1024 ** 2, progress: 0.999 };
    const { tip, labels, ids } = look({ ...idle, activity });
    const doing = t('tray.moving', { count: 3, shown: '3', percent: '99%', speed: '2 MB/s' });
    expect([labels[0], tip]).toEqual([doing, t('tray.tip', { doing })]);
    expect(ids).toContain('pause');
    expect(ids).not.toContain('resume');
  });

  test('knows no percentage while no size is known', () => {
    const activity = { ...still, moving: 1 };
    expect(look({ ...idle, activity }).labels[0]).toBe(
      t('tray.moving.unknown', { count: 1, shown: '1', speed: '0 B/s' }),
    );
  });

  test('resumes what is paused, and leads to what needs a person', () => {
    const { labels, ids } = look({ ...idle, activity: { ...still, paused: 2, blocked: 1 } });
    expect(labels.slice(0, 3)).toEqual([
      t('transfers.count.paused', { count: 2 }),
      t('transfers.count.attention', { count: 1 }),
      t('transfers.resume-all'),
    ]);
    expect(ids).not.toContain('pause');
  });

  test('takes no files before a folder is chosen', () => {
    const { labels, ids } = look({ ...idle, folder: null });
    expect(labels).toContain(t('tray.no-folder'));
    expect(ids).not.toContain('upload');
  });

  test('names links by their file and their end, and those to be created again as such', () => {
    const [known, unknown] = linksOf([makeLink('a/report.pdf'), makeLink('old.zip', { isUrlKnown: false })]);
    expect(known?.label).toContain('report.pdf (until ');
    expect(unknown?.label).toBe(t('tray.link.new', { name: 'old.zip' }));
    expect(known).toMatchObject({ action: { do: 'copy-link', ledgerId: 'id of a/report.pdf' } });
  });

  test('shows no character that rewrites it, and keeps both ends of a long name', () => {
    const [hostile, long] = linksOf([makeLink('invoice\u202efdp.exe'), makeLink(`${'x'.repeat(300)}-final.pdf`)]);
    expect(hostile?.label).toContain('invoice\\u202efdp.exe');
    expect(long?.label).toMatch(/^x{20,}….*-final\.pdf \(/);
    expect(long?.label.length).toBeLessThan(90);
  });

  test('is in title case on macOS, but for names', () => {
    const { labels } = look({ ...idle, links: [makeLink('my report.pdf')] }, 'darwin');
    expect(labels).toContain('Copy Link');
    expect(labels.some((label) => label.startsWith('my report.pdf'))).toBe(true);
  });

  test('has at most one item for each ID, whatever goes on', () => {
    const count = fc.nat({ max: 5 });
    const activities = fc.record({ moving: count, paused: count, blocked: count, bytesPerSecond: fc.nat() });
    fc.assert(
      fc.property(activities, fc.option(fc.double({ min: 0, max: 1, noNaN: true })), (activity, progress) => {
        const { ids } = look({ ...idle, activity: { ...activity, progress } });
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });
});

test('a locked item says so, opens and quits, and knows nothing else', () => {
  const { tip, labels } = look({ isLocked: true });
  expect(tip).toBe(t('lock.title'));
  expect(labels).toEqual([t('tray.locked'), t('tray.open'), t('tray.quit')]);
});
