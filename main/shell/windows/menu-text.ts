import en from '../../../assets/locales/en.json' with { type: 'json' };
import zhCN from '../../../assets/locales/zh-CN.json' with { type: 'json' };
import type { Settings } from '../../settings.ts';

type Key = keyof typeof en & (`menu.${string}` | `dialog.${string}`);

/** The words of what the system draws: menus and dialogs. They take no arguments. */
export type MenuText = (key: Key) => string;

/** The words in the language that is set, or in the system's. */
export function menuText(locale: Settings['locale'], systemLocale: string): MenuText {
  const wanted = locale === 'system' ? systemLocale : locale;
  const texts: Readonly<Record<Key, string>> = wanted.startsWith('zh') ? zhCN : en;
  return (key) => texts[key];
}
