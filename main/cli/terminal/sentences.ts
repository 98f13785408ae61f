import { toLocale } from '../../words/locales.ts';
import { translator } from '../../words/translator.ts';

const { LC_ALL, LC_MESSAGES, LANG } = process.env;

/**
 * The sentences of the command line, from the same catalogue as the window's, in the language of LC_ALL, LC_MESSAGES or
 * LANG, in this order (POSIX, section 8.2). English for every language without a catalogue, and for the locale C.
 */
export const sentences = translator(toLocale('system', [LC_ALL, LC_MESSAGES, LANG].find(Boolean) ?? 'en'));

/** One sentence by its key; see {@link sentences}. */
export const { text } = sentences;
