import type { SignedLink } from '../links/making/sign-link.ts';

const failures = ['public-host-refused', 'apk-forbidden'] as const satisfies SignedLink['warnings'];

/** Those of a link's warnings that are worth a word after it was copied: it won't work. */
export function failing({ warnings }: Pick<SignedLink, 'warnings'>): readonly (typeof failures)[number][] {
  return failures.filter((failure) => warnings.includes(failure));
}
