import type { ArgsOf } from '../../../main/contract/contract.ts';
import { slotsOf } from './links-way.ts';
import type { RequestOptions } from './request-options.ts';
import { readSize } from './typed-size.ts';
import type { Asked, Way } from './way.ts';

/** The most that OSS accepts in one form, in bytes. */
const largestBytes = 5 * 1024 ** 3;

/** A form that takes any number of files, or some: as a page for a browser, or as its fields. */
export const page: Way = {
  async check(callMain, asked) {
    const plan = await callMain('forms.check', formOf(asked));
    // Names below a prefix are new each time; of slots, the promises say it below how many there are.
    return { ...plan, warnings: plan.warnings.filter((warning) => warning !== 'overwrite-with-versions') };
  },
  async make(callMain, asked, output) {
    const { note, recipient } = asked.options;
    const format = output === 'json' || output === 'curl' ? output : 'page';
    const made = await callMain('forms.make', { ...formOf(asked), note, recipient, format });
    return made === null ? null : { ...made, output, files: null };
  },
};

function formOf({ folder, hasRole, expiresSeconds, options }: Asked): ArgsOf<'forms.check'> {
  const { slotsBy, size, sizeUnit, contentType, forbidOverwrite, attachment, storageClass, ownFolder, folderName } =
    options;
  const tags = options.tags.filter(({ name }) => name.trim() !== '');
  return {
    ...folder,
    prefix: ownFolder ? `${folder.prefix}${folderName}/` : folder.prefix,
    slots: slotsBy === 'any' ? null : slotsOf(options),
    // With 1 as the least, an empty upload can try whether an ended form is refused, without storing anything.
    // A size that can't be read is out of range, which main reports.
    sizeBytes: { min: 1, max: size.trim() === '' ? largestBytes : (readSize(size, sizeUnit) ?? -1) },
    contentTypes: contentType
      .split(/[\s,;，；、]+/)
      .map((type) => type.toLowerCase())
      .filter((type) => type !== ''),
    forbidOverwrite,
    attachment,
    large: largeOf(options),
    expiresSeconds,
    ownSession: hasRole,
    ...(storageClass === '' ? {} : { storageClass }),
    ...(tags.length === 0
      ? {}
      : { tags: Object.fromEntries(tags.map(({ name, value }) => [name.trim(), value.trim()])) }),
  };
}

/** Only a folder has names for them. What can't be read is out of range, which main reports. */
function largeOf({ slotsBy, largeCount, ticketSize, ticketUnit }: RequestOptions): ArgsOf<'forms.check'>['large'] {
  const count = largeCount.trim();
  if (slotsBy !== 'any' || count === '') return { count: 0, sizeBytes: 0 };
  return { count: /^\d+$/.test(count) ? Number(count) : -1, sizeBytes: readSize(ticketSize, ticketUnit) ?? -1 };
}
