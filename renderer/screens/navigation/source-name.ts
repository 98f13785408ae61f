import type { Account } from '../../../main/contract/contract.ts';
import type { Messages } from '../../lib/messages.svelte.ts';

type Source = Extract<Account, { readonly kind: 'sourced' }>['source'];

/** Where credentials come from, in a few words. */
export function sourceName(source: Source, { text }: Pick<Messages, 'text'>): string {
  const name = nameOf(source);
  const kind = text(`accounts.source.${source.kind}`);
  return name === null ? kind : text('accounts.source.named', { kind, name });
}

/** What tells it from others of its kind; a program and an address are too long. */
function nameOf(source: Source): string | null {
  switch (source.kind) {
    case 'profile':
      return source.profile.name;
    case 'ecs':
      return source.roleName;
    case 'cloudsso':
      return source.profile;
    case 'env':
    case 'oidc':
    case 'uri':
    case 'process':
      return null;
    default:
      return source satisfies never;
  }
}
