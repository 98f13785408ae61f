import type { Transfer, Verified } from '../../transfers/tasks/transfer.ts';

/** Whether an upload through a ticket is over, for a reason that can't be known. */
export function isInDoubt(
  { through }: Pick<Transfer, 'through'>,
  { verified }: { readonly verified: Verified },
): boolean {
  return through === 'ticket' && verified === 'unconfirmed';
}

/** What to say of a transfer whose bytes OSS didn't confirm by a CRC-64. */
export function doubtAbout(
  transfer: Transfer,
  done: { readonly verified: Verified },
): 'cli.only-length' | 'cli.unconfirmed' | 'cli.unconfirmed.ticket' | null {
  if (done.verified === 'unconfirmed') return isInDoubt(transfer, done) ? 'cli.unconfirmed.ticket' : 'cli.unconfirmed';
  return done.verified === 'length' && transfer.sizeBytes !== 0 ? 'cli.only-length' : null;
}
