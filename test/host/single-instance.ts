// One instance of an app for each userData folder: the first listens on a socket, a later one tells it and ends.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

interface OtherInstance {
  readonly argv: string[];
  readonly cwd: string;
  readonly data: unknown;
}

const longestSocketPath = 100;

/** The answer is needed at once, and Node connects only asynchronously: so another Node does it. */
const tellScript = `
  const [socket, message] = process.argv.slice(1);
  const connection = require('net').connect(socket, () => connection.end(message));
  connection.on('error', () => process.exit(2)).on('close', () => process.exit(0));`;

export class SingleInstance {
  #server: net.Server | null = null;

  get isHeld(): boolean {
    return this.#server !== null;
  }

  request(userData: string, data: unknown, onOther: (other: OtherInstance) => void): boolean {
    if (this.#server !== null) return true;
    mkdirSync(userData, { recursive: true });
    const socket = socketOf(userData);
    const own: OtherInstance = { argv: process.argv, cwd: process.cwd(), data };
    if (existsSync(socket)) {
      const told = spawnSync(process.execPath, ['-e', tellScript, socket, JSON.stringify(own)], { timeout: 5_000 });
      if (told.status === 0) return false;
      // Left behind by an instance that was killed.
      rmSync(socket, { force: true });
    }
    this.#server = net.createServer((connection) => receive(connection, onOther)).listen(socket);
    this.#server.unref();
    return true;
  }

  release(): void {
    this.#server?.close();
    this.#server = null;
  }
}

/** In the folder itself, or, where its name is too long for a socket's, beside others under a short one. */
function socketOf(userData: string): string {
  const socket = path.join(userData, 'SingletonSocket');
  if (Buffer.byteLength(socket) <= longestSocketPath) return socket;
  const hash = createHash('sha256').update(userData).digest('hex').slice(0, 16);
  return path.join(os.tmpdir(), `electron-host-${process.getuid?.() ?? 0}-${hash}.sock`);
}

function receive(connection: net.Socket, onOther: (other: OtherInstance) => void): void {
  let text = '';
  connection.setEncoding('utf8');
  connection.on('data', (part: string) => (text += part));
  connection.on('error', () => undefined);
  connection.on('end', () => {
    connection.end();
    if (text !== '') onOther(JSON.parse(text) as OtherInstance);
  });
}
