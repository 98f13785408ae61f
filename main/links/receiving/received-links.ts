import type { Dispatcher } from 'undici';
import { BoundedMap } from '../../bounded-map.ts';
import { WaybillError } from '../../failure.ts';
import { sendUnsigned } from '../../oss/exchange/request.ts';
import { diagnoseLink } from './diagnose.ts';
import type { ObjectUrlParts } from '../../oss/signing/signed-url-parts.ts';
import { type LinkReading, readSignedUrl } from '../text/pasted-link.ts';
import { cdnFileOf, inspectReading, publicFileOf } from './inspect.ts';
import type { LinkCard, LinkProbe, ReceivedLink } from './link-card.ts';
import type { LinkDiagnosis } from './link-diagnosis.ts';

/** How many received links are kept in memory. */
const MAX_KEPT = 200;

interface KeptLink {
  readonly url: string;
  readonly parts: ObjectUrlParts;
  /** Null for an address without a signature. */
  readonly card: ReceivedLink | null;
}

/** The URLs that were received in this run. They are secrets: the rest of the app knows them by `linkId`. */
export class ReceivedLinks {
  readonly #dispatcher: Dispatcher;
  readonly #cdnValidity: (host: string) => number | null;
  readonly #kept = new BoundedMap<string, KeptLink>(MAX_KEPT);
  /** Addresses that Waybill itself does nothing with. */
  readonly #forBrowser = new BoundedMap<string, string>(MAX_KEPT);

  /** @param cdnValidity the validity that is set for links of a CDN's host, in seconds; null if nobody told Waybill */
  constructor(dispatcher: Dispatcher, cdnValidity: (host: string) => number | null = () => null) {
    this.#dispatcher = dispatcher;
    this.#cdnValidity = cdnValidity;
  }

  /** Reads a pasted text without sending anything. `now` is in Unix milliseconds. */
  inspect(text: string, now: number = Date.now()): LinkCard {
    return this.keep(readSignedUrl(text), now);
  }

  /** Explains a text that was read, and keeps its link. `now` is in Unix milliseconds. */
  keep(reading: LinkReading, now: number = Date.now()): LinkCard {
    if (reading.kind === 'unsigned' && reading.parts !== null) {
      const { url, parts } = reading;
      const file = publicFileOf(url, parts);
      this.#kept.set(file.linkId, { url, parts, card: null });
      return file;
    }
    if (reading.kind === 'cdn') {
      const { url, parts, host } = reading;
      const file = cdnFileOf(reading, this.#cdnValidity(host));
      this.#kept.set(file.linkId, { url, parts, card: null });
      return file;
    }
    const { card } = inspectReading(reading, now);
    if (reading.kind === 'link' && card.kind === 'link') {
      const { url, parts } = reading;
      this.#kept.set(card.linkId, { url, parts, card });
    }
    if (reading.kind !== 'link' && 'url' in reading && 'linkId' in card) this.#forBrowser.set(card.linkId, reading.url);
    return card;
  }

  clear(): void {
    this.#kept.clear();
    this.#forBrowser.clear();
  }

  /** An address that was pasted, but isn't a signed link of OSS: a browser may open it. @throws WaybillError `input` for any other */
  addressOf(linkId: string): string {
    const kept = this.#kept.get(linkId);
    const address = kept?.card === null ? kept.url : this.#forBrowser.get(linkId);
    if (address === undefined) throw new WaybillError({ kind: 'input', field: 'link', rule: 'unknown' });
    return address;
  }

  /** The URL of a link and what was read from it. @throws WaybillError `input` if it isn't in memory */
  get(linkId: string): KeptLink {
    const kept = this.#kept.get(linkId);
    if (kept === undefined) throw new WaybillError({ kind: 'input', field: 'link', rule: 'unknown' });
    return kept;
  }

  /** What a transfer through a link needs. @throws WaybillError `input` if it isn't in memory */
  target(linkId: string): Pick<KeptLink, 'url' | 'parts'> {
    const { url, parts } = this.get(linkId);
    return { url, parts };
  }

  /**
   * Fetches one byte of the object. The signature covers the method, so HEAD would be rejected.
   * @throws WaybillError `link` if the server rejects it
   */
  async probe(linkId: string, signal?: AbortSignal): Promise<LinkProbe> {
    const { url } = this.get(linkId);
    const headers = { range: 'bytes=0-0', 'accept-encoding': 'identity' };
    const reply = await sendUnsigned(url, { method: 'GET', headers, signal }, this.#dispatcher);
    // undici reports a dropped body as an error.
    reply.body.destroy();
    return probeOf(reply.status, reply.headers);
  }

  /** Asks the server why a link fails. Only reads. @throws WaybillError `network` if the server isn't reached */
  async diagnose(linkId: string, signal?: AbortSignal): Promise<LinkDiagnosis> {
    const { url, card } = this.get(linkId);
    if (card === null) throw new WaybillError({ kind: 'input', field: 'link', rule: 'unknown' });
    return diagnoseLink({ url, card }, this.#dispatcher, signal === undefined ? {} : { signal });
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
