import type { MessageKey, Messages } from './messages.svelte.ts';

const known: Readonly<Record<string, MessageKey>> = {
  Standard: 'storage-class.Standard',
  IA: 'storage-class.IA',
  Archive: 'storage-class.Archive',
  ColdArchive: 'storage-class.ColdArchive',
  DeepColdArchive: 'storage-class.DeepColdArchive',
};

/** A storage class in words; one that OSS made since then stands as OSS writes it. */
export function storageClassText(storageClass: string, { text }: Messages): string {
  const key = known[storageClass];
  return key === undefined ? storageClass : text(key);
}
