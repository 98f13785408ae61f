import type { LedgerItem } from '../../links/ledger/ledger-entry.ts';
import { baseName } from '../../oss/key-path.ts';
import type { Activity } from '../../transfers/tasks/activity.ts';
import { escapeControls } from '../../words/controls.ts';
import { formatCount, formatMoment, formatPercent, formatSpeed, titleCase } from '../../words/format.ts';
import type { Translate, Translator } from '../../words/translator.ts';

/** What a menu item does. A link is named by its entry in the ledger: its URL never gets into a menu. */
export type TrayAction = { readonly do: PlainAction } | { readonly do: 'copy-link'; readonly ledgerId: string };

type PlainAction = 'open' | 'quit' | 'pause' | 'resume' | 'upload';

/** An item of the menu. `label` is plain text: an ampersand in it is one. */
export type TrayEntry =
  | { readonly kind: 'separator' }
  | { readonly kind: 'note'; readonly id: string; readonly label: string }
  | { readonly kind: 'action'; readonly id: string; readonly label: string; readonly action: TrayAction }
  | { readonly kind: 'menu'; readonly id: string; readonly label: string; readonly entries: readonly TrayEntry[] };

/** What the tray item shows when the pointer rests on it, and when it is opened. */
export interface TrayLook {
  readonly tip: string;
  readonly entries: readonly TrayEntry[];
}

/** A link that can be copied; without `isUrlKnown` a new one is created. */
export type TrayLink = Pick<LedgerItem, 'id' | 'what' | 'validUntil'> & { readonly isUrlKnown: boolean };

/** What the tray item is about. A locked one knows nothing else. */
export type TrayState =
  | { readonly isLocked: true }
  | {
      readonly isLocked: false;
      readonly activity: Pick<Activity, 'moving' | 'paused' | 'blocked' | 'bytesPerSecond' | 'progress'>;
      /** The address of the folder that files go to; null: none was chosen. */
      readonly folder: string | null;
      readonly links: readonly TrayLink[];
    };

type Unlocked = Extract<TrayState, { readonly isLocked: false }>;

/** The longest name that a menu shows, in characters. */
const MAX_NAME = 48;

const separator = { kind: 'separator' } as const;

/** What the tray item looks like. Menus of macOS are in title case. */
export function trayLook(state: TrayState, translator: Translator, platform: NodeJS.Platform): TrayLook {
  const { text } = translator;
  const inCase: Translate = platform === 'darwin' ? (key, values) => titleCase(text(key, values)) : text;
  const action = (id: PlainAction, label: string): TrayEntry => ({ kind: 'action', id, label, action: { do: id } });
  const ends = [separator, action('open', inCase('tray.open')), action('quit', inCase('tray.quit'))];
  if (state.isLocked) {
    return { tip: text('lock.title'), entries: [note('locked', text('tray.locked')), ...ends] };
  }
  const { activity, folder, links } = state;
  const { moving, paused, blocked } = activity;
  const doing = activityText(activity, translator);
  const attention = text('transfers.count.attention', { count: blocked });
  const menu = { kind: 'menu', id: 'links', label: inCase('tray.copy-link') } as const;
  return {
    tip: moving === 0 ? 'Waybill' : text('tray.tip', { doing }),
    entries: [
      note('activity', doing),
      ...(blocked > 0 ? [{ kind: 'action', id: 'blocked', label: attention, action: { do: 'open' } } as const] : []),
      ...(moving > 0 ? [action('pause', inCase('transfers.pause-all'))] : []),
      ...(paused > 0 ? [action('resume', inCase('transfers.resume-all'))] : []),
      separator,
      ...(folder === null
        ? [note('folder', text('tray.no-folder'))]
        : [
            note('folder', text('tray.folder', { folder: shortened(folder) })),
            action('upload', inCase('menu.upload-files')),
          ]),
      { ...menu, entries: linkEntries(links, translator) },
      ...ends,
    ],
  };
}

function note(id: string, label: string): TrayEntry {
  return { kind: 'note', id, label };
}

function activityText({ moving, paused, bytesPerSecond, progress }: Unlocked['activity'], translator: Translator) {
  const { text, locale } = translator;
  if (moving === 0) return paused === 0 ? text('tray.idle') : text('transfers.count.paused', { count: paused });
  const counted = { count: moving, shown: formatCount(moving, locale), speed: formatSpeed(bytesPerSecond, locale) };
  if (progress === null) return text('tray.moving.unknown', counted);
  // Rounded up, it would be 100% long before the end.
  return text('tray.moving', { ...counted, percent: formatPercent(Math.floor(progress * 100) / 100, locale) });
}

function linkEntries(links: readonly TrayLink[], { text, locale }: Translator): readonly TrayEntry[] {
  if (links.length === 0) return [note('no-links', text('tray.no-links'))];
  return links.map(({ id, what, validUntil, isUrlKnown }) => {
    const name = shortened(what.kind === 'link' ? baseName(what.key) || what.key : '');
    const label = isUrlKnown
      ? text('tray.link', { name, moment: formatMoment(validUntil, locale) })
      : text('tray.link.new', { name });
    return { kind: 'action', id: `link:${id}`, label, action: { do: 'copy-link', ledgerId: id } };
  });
}

/** A name without what could rewrite the menu, its middle left out if it is long: both ends tell names apart. */
function shortened(name: string): string {
  const characters = Array.from(new Intl.Segmenter().segment(escapeControls(name)), ({ segment }) => segment);
  if (characters.length <= MAX_NAME) return characters.join('');
  const half = (MAX_NAME - 1) / 2;
  return `${characters.slice(0, Math.ceil(half)).join('')}…${characters.slice(-Math.floor(half)).join('')}`;
}
