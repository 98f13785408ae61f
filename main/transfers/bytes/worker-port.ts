import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { ByteCarrier } from './transfer-worker.ts';
import type { ByteOrder } from './worker-messages.ts';
import { Bandwidth } from './rate-limit.ts';

/** What a thread is started with. */
export interface ThreadSettings {
  /** Memory of the Bandwidth. */
  readonly bandwidth: SharedArrayBuffer;
  /** Certificate authorities (PEM) to trust; null for Node's own. */
  readonly certificates: readonly string[] | null;
}

/** Carries bytes as the other end of `port` orders. */
export function serveBytes(port: MessagePort, bandwidth: Bandwidth): void {
  const carrier = new ByteCarrier(bandwidth, (news) => port.postMessage(news));
  port.on('message', (order: ByteOrder) => carrier.obey(order));
}

/** The same in this thread, for where there is no other. */
export function serveBytesHere(bandwidth: Bandwidth): MessagePort {
  const { port1, port2 } = new MessageChannel();
  serveBytes(port2, new Bandwidth(bandwidth.memory));
  port2.unref();
  return port1;
}
