import { z } from 'zod';

/** What a download link that is copied in one step is like. */
export const linkPresetSchema = z.strictObject({
  expiresSeconds: z.int().min(1).max(630_720_000),
  open: z.enum(['preview', 'download']).nullable(),
  /** Such as `image/resize,w_200`; null for the file as it is. */
  process: z.string().min(1).max(4096).nullable(),
});
/** What a download link that is copied in one step is like. */
export type LinkPreset = Readonly<z.infer<typeof linkPresetSchema>>;

/** The options of a link made by a preset. */
export function presetOptions({ expiresSeconds, open, process }: LinkPreset): {
  readonly expiresSeconds: number;
  readonly fileName: null;
  readonly open: LinkPreset['open'];
  readonly process?: string;
} {
  return { expiresSeconds, fileName: null, open, ...(process === null ? {} : { process }) };
}
