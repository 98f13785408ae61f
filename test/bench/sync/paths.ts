const FILES_A_FOLDER = 1000;

/** The size of each file of the bench, in bytes. */
export const FILE_BYTES = 10;

/** The folders and files that both sides of the bench have. */
export function pathOf(at: number): { readonly folder: string; readonly name: string } {
  const folder = `album ${String(Math.floor(at / FILES_A_FOLDER)).padStart(4, '0')}`;
  return { folder, name: `photo ${String(at).padStart(7, '0')}.jpg` };
}
