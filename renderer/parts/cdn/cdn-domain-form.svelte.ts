import type { ArgsOf, CdnAuth, StoredCdnDomain } from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { call } from '../../lib/bridge.ts';
import type { BucketRef } from '../../lib/subjects.ts';

interface Fields {
  readonly domain: string;
  readonly type: CdnAuth['type'];
  readonly cdnKey: string;
  readonly validity: string;
  /** Type C: hash and time in parameters instead of the path. */
  readonly inParams: boolean;
  readonly sign: string;
  readonly time: string;
  readonly format: 'hex' | 'decimal';
  readonly path: 'encoded' | 'decoded';
}

/** What the documents of the CDN show, where nothing else is set. */
const usualNames = { C: { sign: 'KEY1', time: 'KEY2' }, F: { sign: 'sign', time: 'time' } } as const;

const plain: Fields = {
  ...{ domain: '', type: 'A', cdnKey: '', validity: '1800', inParams: false, format: 'hex', path: 'encoded' },
  ...usualNames.F,
};

const name = /^[A-Za-z0-9_-]{1,64}$/;

/** How a CDN domain of a bucket authenticates, as it is typed. Its key is dropped once main has it. */
export class CdnDomainForm {
  readonly #subject: BucketRef;
  readonly #call: typeof call;
  /** The domain that is changed; null for a new one. */
  readonly before: StoredCdnDomain | null;
  fields = $state.raw<Fields>(plain);
  readonly saving = new Attempt();
  /** Whether the person wanted to save it: then a blank field is a mistake. */
  #asked = $state(false);

  readonly isNamed = $derived(this.fields.type === 'F' || (this.fields.type === 'C' && this.fields.inParams));
  readonly isValidityWrong = $derived(!/^[1-9]\d{0,8}$/.test(this.fields.validity.trim()));
  readonly areNamesWrong = $derived.by(() => {
    const { sign, time } = this.fields;
    return this.isNamed && (!name.test(sign) || !name.test(time) || sign === time);
  });
  readonly #isDomainBlank = $derived(this.fields.domain.trim() === '');
  readonly #isKeyBlank = $derived.by(() => this.fields.cdnKey.trim() === '' && this.before === null);
  readonly isDomainMissing = $derived(this.#asked && this.#isDomainBlank);
  readonly isKeyMissing = $derived(this.#asked && this.#isKeyBlank);
  readonly #isReady = $derived(
    !this.#isDomainBlank && !this.#isKeyBlank && !this.isValidityWrong && !this.areNamesWrong,
  );

  constructor(subject: BucketRef, before: StoredCdnDomain | null, callMain: typeof call) {
    this.#subject = subject;
    this.before = before;
    this.#call = callMain;
    if (before !== null) this.fields = { ...plain, ...fieldsOf(before) };
  }

  set(patch: Partial<Fields>): void {
    const changed = { ...this.fields, ...patch };
    const { type } = patch;
    this.fields = type === 'C' || type === 'F' ? { ...changed, ...usualNames[type] } : changed;
    this.saving.discard();
  }

  /** Saves the domain and returns all of the bucket; null if it failed, or if a field is wrong, which then says so. */
  async save(): Promise<readonly StoredCdnDomain[] | null> {
    let saved: readonly StoredCdnDomain[] | null = null;
    this.#asked = true;
    if (!this.#isReady) return null;
    await this.saving.run(
      () => this.#call('cdn.save', this.#args()),
      (domains) => {
        saved = domains;
        this.fields = { ...this.fields, cdnKey: '' };
      },
    );
    return saved;
  }

  #args(): ArgsOf<'cdn.save'> {
    const { accountId, bucket } = this.#subject;
    const { domain, validity, cdnKey } = this.fields;
    const settings = { domain: domain.trim(), auth: this.#auth(), validitySeconds: Number(validity) };
    return { accountId, bucket, settings, cdnKey: cdnKey.trim() };
  }

  #auth(): CdnAuth {
    const { type, inParams, sign, time, format, path } = this.fields;
    switch (type) {
      case 'A':
      case 'B':
        return { type };
      case 'C':
        return { type, names: inParams ? { sign, time } : null };
      case 'F':
        return { type, names: { sign, time }, time: format, path };
      default:
        return type satisfies never;
    }
  }
}

function fieldsOf({ domain, auth, validitySeconds }: StoredCdnDomain): Partial<Fields> {
  const common = { domain, type: auth.type, validity: String(validitySeconds) };
  if (auth.type === 'C') return { ...common, inParams: auth.names !== null, ...(auth.names ?? usualNames.C) };
  return auth.type === 'F' ? { ...common, ...auth.names, format: auth.time, path: auth.path } : common;
}
