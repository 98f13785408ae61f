import en from '../../assets/locales/en.json' with { type: 'json' };
import zhCN from '../../assets/locales/zh-CN.json' with { type: 'json' };

/** The name of a sentence in every catalogue. English is complete by definition, the others by type. */
export type MessageKey = keyof typeof en;

interface Language {
  /** What the language calls itself, for the list to choose from. */
  readonly name: string;
  readonly messages: Readonly<Record<MessageKey, string>>;
  /** The BCP 47 tag for dates: day before month, 24 hours. */
  readonly dates: string;
  /** Which of the two names that Alibaba Cloud's console has for a region. */
  readonly regionNames: 'en' | 'zh';
}

/** Every language of the window, the menus and the command line: a new one is its JSON file and one line here. */
export const languages = {
  en: { name: 'English', messages: en, dates: 'en-GB', regionNames: 'en' },
  'zh-CN': { name: '简体中文', messages: zhCN, dates: 'zh-CN', regionNames: 'zh' },
} as const satisfies Record<string, Language>;

/** A language that has a catalogue, as a BCP 47 tag. */
export type Locale = keyof typeof languages;

/** The choices of a person: one language, or whatever the system speaks. */
export type LocaleChoice = 'system' | Locale;

/** Every language, in the order in which it is offered. */
export const locales = Object.keys(languages) as readonly Locale[];

/** The language to speak: the chosen one, else the system's in any script or region of it, else English. */
export function toLocale(choice: LocaleChoice, systemLocale: string): Locale {
  if (choice !== 'system') return choice;
  return locales.find((locale) => primaryLanguage(locale) === primaryLanguage(systemLocale)) ?? 'en';
}

/** A region's name as Alibaba Cloud's console writes it for readers of this language. */
export function regionName(region: { readonly en: string; readonly zh: string }, locale: Locale): string {
  return region[languages[locale].regionNames];
}

function primaryLanguage(tag: string): string {
  return tag.toLowerCase().split(/[-_.@]/)[0] ?? '';
}
