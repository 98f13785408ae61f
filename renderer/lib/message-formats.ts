import { IntlMessageFormat } from 'intl-messageformat';

/** Messages in ICU syntax, each parsed once. */
export class MessageFormats {
  readonly #parsed = new Map<string, IntlMessageFormat>();

  of(message: string, locale: string): IntlMessageFormat {
    const id = `${locale}:${message}`;
    const known = this.#parsed.get(id);
    if (known !== undefined) return known;
    const format = new IntlMessageFormat(message, locale, undefined, { ignoreTag: true });
    this.#parsed.set(id, format);
    return format;
  }
}
