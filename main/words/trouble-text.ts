import type { FileTrouble } from '../local-files/file-trouble.ts';
import type { Translator } from './translator.ts';

/** What a person reads about a file of Waybill's own: what is wrong with it, and what becomes of its content. */
export interface TroubleText {
  readonly title: string;
  readonly detail: string;
}

/** The words for what went wrong with a file; `file` says what it holds, as in StateFile. */
export function troubleText(trouble: FileTrouble & { readonly file: string }, { text }: Translator): TroubleText {
  const { kind, file } = trouble;
  const path = trouble.kind === 'damaged' ? trouble.setAside : trouble.path;
  return { title: text(`trouble.${kind}.title`, { file }), detail: text(`trouble.${kind}.detail`, { file, path }) };
}
