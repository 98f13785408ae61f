import type { Dispatcher } from 'undici';
import { WaybillError } from '../../failure.ts';
import { sendUnsigned } from '../../oss/exchange/request.ts';
import { diagnoseLink } from './diagnose.ts';
import { inspect } from './inspect.ts';
import type { LinkCard, LinkProbe, ReceivedLink } from './link-card.ts';
import type { LinkDiagnosis } from './link-diagnosis.ts';

/** How many pasted links are remembered; the oldest goes first. */
const KEPT = 200;

interface Kept {
  readonly url: string;
  readonly card: ReceivedLink;
}

/** The signed URLs that were pasted in this run. They are secrets: kept here, known elsewhere by `linkId`. */
export class ReceivedLinks {
  readonly #dispatcher: Dispatcher;
  readonly #kept = new Map<string, Kept>();

  constructor(dispatcher: Dispatcher) {
    this.#dispatcher = dispatcher;
  }

  /** Reads a pasted text, sending nothing. `now` is in Unix milliseconds. */
  inspect(text: string, now: number = Date.now()): LinkCard {
    const { card, url } = inspect(text, now);
    if (card.kind !== 'link' || url === null) return card;
    this.#kept.set(card.linkId, { url, card });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return card;
  }

  /** The URL of a link and what was read from it. @throws WaybillError `input` for an unknown ID */
  get(linkId: string): Kept {
    const kept = this.#kept.get(linkId);
    if (kept === undefined) throw new WaybillError({ kind: 'input', field: 'link', rule: 'unknown' });
    return kept;
  }

  /**
   * Asks for one byte of the object: HEAD would be another method, and the signature binds GET.
   * @throws WaybillError `link` where the server refuses it
   */
  async probe(linkId: string, signal?: AbortSignal): Promise<LinkProbe> {
    const { url } = this.get(linkId);
    const headers = { range: 'bytes=0-0', 'accept-encoding': 'identity' };
    const reply = await sendUnsigned(url, { method: 'GET', headers, signal }, this.#dispatcher);
    // undici reports a body that is not wanted as an error.
    reply.body.on('error', () => undefined).destroy();
    return probeOf(reply.status, reply.headers);
  }

  /** Asks the server why a link does not work, by reading only. @throws WaybillError `network` where it is not reached */
  diagnose(linkId: string, signal?: AbortSignal): Promise<LinkDiagnosis> {
    return diagnoseLink(this.get(linkId), this.#dispatcher, signal === undefined ? {} : { signal });
  }
}

function probeOf(status: number, headers: Readonly<Record<string, string>>): LinkProbe {
  const total = status === 206 ? headers['content-range']?.split('/')[1] : headers['content-length'];
  const sizeBytes = total === undefined || !/^\d+$/.test(total) ? null : Number(total);
  const lastModified = Date.parse(headers['last-modified'] ?? '');
  return {
    sizeBytes,
    contentType: headers['content-type'] ?? null,
    lastModified: Number.isNaN(lastModified) ? null : lastModified,
    verifiable: headers['x-oss-hash-crc64ecma'] !== undefined,
  };
}
