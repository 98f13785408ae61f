import type { ArgsOf } from '../../../main/contract/contract.ts';
import { readSize } from './typed-size.ts';
import type { Asked, Way } from './way.ts';

/** A ticket: one file of any size, in parts. */
export const ticket: Way = {
  async check(callMain, asked) {
    const plan = await callMain('tickets.check', ticketOf(asked));
    if (asked.options.fileName.trim() !== '') return plan;
    // With a folder before it, an empty name would be the folder itself.
    return { ...plan, problems: [...plan.problems, { kind: 'input', field: 'key', rule: 'key-empty' }] };
  },
  async make(callMain, asked, output) {
    const { note, recipient } = asked.options;
    const to = output === 'file' ? 'file' : 'clipboard';
    const made = await callMain('tickets.make', { ...ticketOf(asked), note, recipient, to });
    return made === null ? null : { ...made, output, files: 1 };
  },
};

function ticketOf({ folder, hasRole, expiresSeconds, options }: Asked): ArgsOf<'tickets.check'> {
  const { accountId, bucket, prefix } = folder;
  const { fileName, ticketSize, ticketUnit, contentType, forbidOverwrite, storageClass } = options;
  return {
    ...{ accountId, bucket, key: prefix + fileName.trim() },
    // A size that can't be read is out of range, which main reports.
    sizeBytes: readSize(ticketSize, ticketUnit) ?? -1,
    expiresSeconds,
    ownSession: hasRole,
    upload: {
      forbidOverwrite,
      ...(contentType.trim() === '' ? {} : { contentType: contentType.trim() }),
      ...(storageClass === '' ? {} : { storageClass }),
    },
  };
}
