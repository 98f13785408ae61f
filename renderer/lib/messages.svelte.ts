import { createContext } from 'svelte';
import type { Locale } from '../../main/words/locales.ts';
import { formatMessage, type Translate, type Translator } from '../../main/words/translator.ts';

/** The messages on the screen. A component that reads `text` or `locale` follows a change of language at once. */
export class Messages implements Translator {
  locale = $state<Locale>('en');

  constructor(locale: Locale) {
    this.locale = locale;
  }

  readonly text: Translate = (key, values) => formatMessage(this.locale, key, values);
}

export const [getMessages, setMessages] = createContext<Messages>();
