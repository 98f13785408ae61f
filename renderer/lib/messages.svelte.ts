import { createContext } from 'svelte';
import en from '../../assets/locales/en.json';
import zhCN from '../../assets/locales/zh-CN.json';
import { MessageFormats } from './message-formats.ts';

export type Locale = 'en' | 'zh-CN';
export type MessageKey = keyof typeof en;
type MessageValues = Readonly<Record<string, string | number>>;

const catalogues: Record<Locale, Record<MessageKey, string>> = { en, 'zh-CN': zhCN };

/** The words on the screen. Whatever reads `text` or `locale` follows a change of the language at once. */
export class Messages {
  locale = $state<Locale>('en');
  readonly #formats = new MessageFormats();

  constructor(locale: Locale) {
    this.locale = locale;
  }

  /** The message in ICU syntax, filled in. Bound, so that components can take it apart. */
  readonly text = (key: MessageKey, values?: MessageValues): string => {
    const message = catalogues[this.locale][key];
    if (!message.includes('{')) return message;
    return String(this.#formats.of(message, this.locale).format(values));
  };
}

/** The language to speak: the chosen one, else Chinese on a Chinese system and English everywhere else. */
export function toLocale(chosen: 'system' | Locale, systemLocale: string): Locale {
  if (chosen !== 'system') return chosen;
  return systemLocale.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

export const [getMessages, setMessages] = createContext<Messages>();
