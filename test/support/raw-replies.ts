import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { toFailure } from '../../main/failure.ts';
import { makeDispatcher } from '../../main/http/dispatcher.ts';
import type { FileSlice } from '../../main/http/message.ts';
import { storeBody } from '../../main/http/store-body.ts';
import { TransferAgent } from '../../main/http/threads/transfer-agent.ts';
import { networkFailure } from '../../main/oss/exchange/network-failure.ts';
import { tryUnsigned } from '../../main/oss/exchange/request.ts';

/** A reply as bytes, in the pieces in which it is sent. */
export interface RawReply {
  readonly method: 'GET' | 'PUT';
  readonly pieces: readonly Uint8Array[];
}

const HOST = '127.0.0.1';

/** Room for one body, and for how many. More than are asked for at once: each is read before its place comes again. */
const SPACE_BYTES = 256 * 1024;
const SPACES = 256;

/** Sends raw replies to the transport of the pools and to that of the threads, and says what became of them. */
export class RawReplies {
  readonly #replies = new Map<string, RawReply>();
  readonly #folder = mkdtempSync(join(tmpdir(), 'replies-'));
  readonly #agents = { pool: makeDispatcher(), thread: new TransferAgent() };
  /** Closes each connection after its reply, so that an incomplete one has an end. */
  readonly #server = createServer((socket) => {
    let request = '';
    socket
      .on('error', () => undefined)
      .on('data', (bytes) => {
        request += bytes.toString('latin1');
        const end = request.indexOf('\r\n\r\n');
        const length = Number(/content-length: (\d+)/i.exec(request)?.[1] ?? 0);
        if (end < 0 || request.length < end + 4 + length) return;
        const [, path = ''] = request.split(' ');
        request = '';
        void (async () => {
          for (const piece of this.#replies.get(path)?.pieces ?? []) {
            socket.write(piece);
            await setImmediate();
          }
          socket.end();
        })();
      });
  });
  /** Bodies are stored in one file: to create one for each takes as long as all the rest. */
  readonly #file = openSync(join(this.#folder, 'bodies'), 'w+');
  #position = 0;
  #count = 0;
  #body: FileSlice | null = null;

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, HOST, resolve));
    const path = join(this.#folder, 'body');
    writeFileSync(path, 'a body');
    const { size: sizeBytes, mtimeMs: modifiedAt } = statSync(path);
    this.#body = { kind: 'file-slice', fd: null, path, start: 0, sizeBytes, file: { sizeBytes, modifiedAt } };
    return this;
  }

  async close(): Promise<void> {
    await Promise.all([this.#agents.pool.destroy(), this.#agents.thread.destroy()]);
    this.#server.close();
    closeSync(this.#file);
    rmSync(this.#folder, { recursive: true });
  }

  /** What becomes of a reply: status, headers and body, or the kind of its failure. */
  async verdict(way: 'pool' | 'thread', reply: RawReply): Promise<object> {
    this.#count += 1;
    const path = `/${String(this.#count)}`;
    this.#replies.set(path, reply);
    try {
      return await this.#ask(this.#agents[way], path, reply.method);
    } catch (error) {
      const failure = toFailure(error);
      const { reason, code } = failure as { readonly reason?: string; readonly code?: string };
      return { failed: failure.kind, why: reason ?? code ?? String(error) };
    } finally {
      this.#replies.delete(path);
    }
  }

  async #ask(dispatcher: Dispatcher, path: string, method: 'GET' | 'PUT'): Promise<object> {
    const url = `http://${HOST}:${String((this.#server.address() as AddressInfo).port)}${path}`;
    const body =
      method === 'PUT' && this.#body !== null ? { body: this.#body, contentLength: this.#body.sizeBytes } : {};
    const expects = method === 'GET' ? 'file' : 'text';
    const reply = await tryUnsigned(url, { method, expects, ...body }, dispatcher);
    if ('error' in reply) return reply;
    const { status, headers } = reply;
    const position = this.#position;
    this.#position = (position + SPACE_BYTES) % (SPACES * SPACE_BYTES);
    // What a thread sends for a slice is text, which is all there.
    const target = { fd: this.#file, path: 'bodies', position, maxBytes: null };
    const { storedBytes, error } = await storeBody(reply.body, target, () => undefined);
    if (error !== null) throw networkFailure(error, HOST);
    const stored = Buffer.alloc(storedBytes);
    readSync(this.#file, stored, 0, storedBytes, position);
    return { status, headers, body: stored.toString('latin1') };
  }
}
