import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BucketDocument, DocumentEditor } from '../../../../main/links/revoking/bucket-document.ts';
import { type Statement, statementsOf, withStatements } from '../../../../main/links/revoking/policy-text.ts';
import { denyUntilSettled } from '../../../../main/links/revoking/revoke-session.ts';
import { type Denial, denies, withDenial } from '../../../../main/links/revoking/session-denial.ts';
import type { Connection } from '../../../../main/oss/connection.ts';

const connection = {} as Connection;
const started = Date.UTC(2026, 10, 30, 12);
const hour = 3_600_000;
const denialOf = (id: number): Denial => ({
  bucket: 'b',
  signer: { kind: 'session', principals: [`arn:sts::1234567890123456:assumed-role/waybill/wb-${id}${id}`] },
  validUntil: started + hour + id * 600_000,
});

/** How long a request of somebody takes to arrive, and its answer to return, in milliseconds. */
type Speed = readonly [least: number, most: number];

/**
 * A bucket in a time of its own, in which every request takes as long as the test says. It checks each policy that is written,
 * and that nobody takes back what was claimed to be revoked.
 */
class SimulatedBucket {
  policy: string | null;
  now = 0;
  readonly claimed: Denial[] = [];
  readonly #waiting: { readonly at: number; readonly go: () => void }[] = [];
  readonly #latencies: readonly number[];
  #requests = 0;
  readonly #delayMs: number;
  /** Policies, and from when on requests are held against them. */
  readonly #history: { readonly policy: string | null; readonly from: number }[];

  constructor(policy: string | null, latencies: readonly number[], delayMs: number) {
    this.policy = policy;
    this.#latencies = latencies;
    this.#delayMs = delayMs;
    this.#history = [{ policy, from: 0 }];
  }

  sleep = (ms: number): Promise<void> =>
    new Promise((go) => {
      this.#waiting.push({ at: this.now + ms, go });
    });

  async read(speed: Speed): Promise<string | null> {
    await this.#travel(speed);
    const found = this.policy;
    await this.#travel(speed);
    return found;
  }

  async write(policy: string | null, speed: Speed): Promise<void> {
    await this.#travel(speed);
    for (const { Principal } of statementsOf(policy)) expect(Principal).not.toEqual([]);
    for (const one of this.claimed) expect(denies(policy, one, started)).toBe(true);
    this.policy = policy;
    this.#history.push({ policy, from: this.now + this.#delayMs });
    await this.#travel(speed);
  }

  async ask(denial: Denial, speed: Speed): Promise<'refused' | 'open'> {
    await this.#travel(speed);
    const { policy } = this.#history.findLast(({ from }) => from <= this.now) ?? { policy: null };
    return denies(policy, denial, started) ? 'refused' : 'open';
  }

  /** Lets time pass until nobody waits any more. */
  async run(): Promise<void> {
    await setImmediate();
    while (this.#waiting.length > 0) {
      this.#waiting.sort((one, other) => one.at - other.at);
      const next = this.#waiting.shift();
      this.now = next?.at ?? this.now;
      next?.go();
      await setImmediate();
    }
  }

  #travel([least, most]: Speed): Promise<void> {
    const latency = this.#latencies[this.#requests++ % this.#latencies.length] ?? 0;
    return this.sleep(least + (latency / 100) * (most - least));
  }
}

/** A program with a memory of its own, such as the window and the command line. */
async function revokeAll(
  bucket: SimulatedBucket,
  speed: Speed,
  jobs: readonly { readonly id: number; readonly at: number }[],
): Promise<void> {
  const document: BucketDocument<string> = {
    field: 'policy',
    read: () => bucket.read(speed),
    write: (_connection, _name, policy) => bucket.write(policy, speed),
    isSame: (one, other) => one === other,
  };
  const editor = new DocumentEditor(document);
  await Promise.all(
    jobs.map(async ({ id, at }) => {
      await bucket.sleep(at);
      const denial = denialOf(id);
      const change = () => editor.change(connection, 'b', (policy) => withDenial(policy, denial, started));
      for (let tries = 0; tries < 20; tries++) {
        try {
          const ended = await denyUntilSettled({ change, ask: () => bucket.ask(denial, speed) }, bucket.sleep);
          expect(ended.kind).toBe('ended');
          bucket.claimed.push(denial);
          return;
        } catch (error) {
          expect(error).toMatchObject({ failure: { rule: 'changed-meanwhile' } });
        }
      }
      throw new Error('never revoked');
    }),
  );
}

/** Another tool, which looks whether its statements were kept, as well: without that, the last to write wins. */
async function addByTool(
  bucket: SimulatedBucket,
  speed: Speed,
  jobs: readonly { readonly statement: Statement; readonly at: number }[],
): Promise<void> {
  for (const { statement, at } of jobs) {
    await bucket.sleep(at);
    for (;;) {
      const found = await bucket.read(speed);
      const wanted = withStatements(found, [statement]);
      if (wanted === found) break;
      await bucket.write(wanted, speed);
      await bucket.sleep(2000);
    }
  }
}

const latencies = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 5, maxLength: 50 });
const delays = fc.constantFrom(0, 500, 3000);
/** Another tool that reads the policy has written it soon afterwards: a fifth of the time that Waybill waits before it looks again. */
const speeds = fc.constantFrom<Speed>([1, 20], [1, 100], [150, 190]);
const actors = fc.record({
  speed: speeds,
  times: fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 4 }),
});
const blanks = fc.constantFrom('', ' ', '\n  ');
const policies = fc.oneof(
  fc.constant(null),
  blanks.map(
    (b) =>
      `{"Version":"1",${b}"Statement":[${b}{"Effect":"Allow",${b}"Action":["oss:GetObject"],"Principal":[12345678901234567890],"Resource":["*"]}${b}]}`,
  ),
);

test('two windows and another tool at once lose no statement, and take nothing back that was revoked', async () => {
  await fc.assert(
    fc.asyncProperty(
      policies,
      latencies,
      delays,
      fc.tuple(actors, actors, actors),
      async (policy, travelling, delayMs, [one, other, tool]) => {
        const bucket = new SimulatedBucket(policy, travelling, delayMs);
        const theirs = tool.times.map((at, index) => ({
          at,
          statement: { Effect: 'Allow', Action: ['oss:GetObject'], Principal: [`${index}`], Resource: ['*'] },
        }));
        const revoking = [one, other].map(({ speed, times }, window) =>
          revokeAll(
            bucket,
            speed,
            times.map((at, index) => ({ at, id: 4 * window + index })),
          ),
        );
        const work = Promise.all([...revoking, addByTool(bucket, tool.speed, theirs)]);
        await Promise.all([work, bucket.run()]);
        expect(bucket.claimed).toHaveLength(one.times.length + other.times.length);
        for (const denial of bucket.claimed) expect(denies(bucket.policy, denial, started)).toBe(true);
        expect(statementsOf(bucket.policy)).toEqual(expect.arrayContaining(theirs.map(({ statement }) => statement)));
        if (policy !== null) expect(bucket.policy).toContain(policy.slice(0, policy.lastIndexOf('}') - 1).trimEnd());
      },
    ),
    { numRuns: 60 },
  );
});
