/** Units of a size that a person types. 1 KB is 1,024 bytes. */
export const sizeUnits = ['KB', 'MB', 'GB', 'TB'] as const;
export type SizeUnit = (typeof sizeUnits)[number];

/** The size in whole bytes; null if the text isn't a positive number. A comma counts as a decimal point. */
export function readSize(typed: string, unit: SizeUnit): number | null {
  const number = typed.trim().replace(',', '.');
  if (!/^\d+(\.\d+)?$/.test(number)) return null;
  const bytes = Math.round(Number(number) * 1024 ** (sizeUnits.indexOf(unit) + 1));
  return bytes >= 1 && Number.isSafeInteger(bytes) ? bytes : null;
}
