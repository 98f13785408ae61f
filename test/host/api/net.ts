import type Electron from 'electron';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import mime from 'mime/lite';
import { refuseOthers } from '../not-implemented.ts';

export const net = refuseOthers('net', {
  /** Files only, which is what a protocol handler asks for. */
  async fetch(input: string | Request): Promise<Response> {
    const url = typeof input === 'string' ? input : input.url;
    if (!url.startsWith('file:')) throw new Error('net.fetch of anything but file: is not implemented by the stand-in');
    const file = fileURLToPath(url);
    const bytes = await readFile(file).catch(() => {
      throw new Error('net::ERR_FILE_NOT_FOUND');
    });
    return new Response(new Uint8Array(bytes), {
      headers: { 'content-type': mime.getType(file) ?? 'application/octet-stream' },
    });
  },
  /** Not asked of the desktop: a machine with only its loopback counts as online in Electron too. */
  isOnline: (): boolean => true,
} satisfies Partial<Electron.Net>);
