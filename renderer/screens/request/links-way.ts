import type { ArgsOf } from '../../../main/contract/contract.ts';
import type { RequestOptions } from './request-options.ts';
import type { Asked, Way } from './way.ts';

/** Links that each take one file, for Waybill or curl. */
export const links: Way = {
  check: (callMain, asked) => callMain('links.checkUploads', linksOf(asked)),
  async make(callMain, asked, output) {
    const { note, recipient, linkFormat: format } = asked.options;
    const to = output === 'file' ? 'file' : 'clipboard';
    const made = await callMain('links.requestUploads', { ...linksOf(asked), note, recipient, format, to });
    if (made === null) return null;
    const { slots: files, ...rest } = made;
    return { ...rest, output, files };
  },
};

function linksOf({ folder, expiresSeconds, options }: Asked): ArgsOf<'links.checkUploads'> {
  const { contentType, forbidOverwrite } = options;
  const type = contentType.trim();
  return {
    ...folder,
    ...{ slots: slotsOf(options), expiresSeconds, fileName: null, open: null },
    upload: {
      forbidOverwrite: forbidOverwrite ? true : undefined,
      ...(type === '' ? {} : { contentType: type }),
    },
  };
}

/** The names as typed, or how many files may have any name. Main reports what is wrong with them. */
export function slotsOf({ slotsBy, names, count }: RequestOptions): ArgsOf<'links.checkUploads'>['slots'] {
  if (slotsBy === 'count') return { count: /^\d+$/.test(count.trim()) ? Number(count) : 0 };
  const lines = names.split('\n').map((line) => line.trim());
  return { names: lines.filter((line) => line !== '') };
}
