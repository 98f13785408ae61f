import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toFailure } from '../../main/failure.ts';
import { listObjects } from '../../main/oss/operations/listing.ts';
import { accessSteps } from './access-steps.ts';
import { bucketSteps, domainSteps, removeBucket } from './bucket-steps.ts';
import { linkSteps } from './link-steps.ts';
import { multipartSteps } from './multipart-steps.ts';
import { objectSteps, restoreStep } from './object-steps.ts';
import { type Place, below } from './place.ts';
import type { Answer } from './finding.ts';
import { formSteps } from './form-steps.ts';
import { askAll } from './questions.ts';
import { reportOf } from './report.ts';
import { sessionSteps } from './session-steps.ts';
import { Connections, readSetup, type Setup } from './setup.ts';
import { LeftOut, Steps } from './steps.ts';
import { ticketSteps } from './ticket-steps.ts';
import { versionSteps } from './version-steps.ts';

interface RunOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Where the report goes. */
  readonly folder: string;
  readonly print: (line: string) => void;
  /** Ends the run early; what it made is removed all the same. */
  readonly stop: AbortSignal;
}

/**
 * Tries the service with the account of the environment, in a bucket of its own that it removes again, and writes a
 * report.
 * @returns the exit code: 0 if every step passed or was left out, or if there is no account
 */
export async function runLive({ environment, folder, print, stop }: RunOptions): Promise<number> {
  const setup = readSetup(environment);
  if ('missing' in setup) {
    print(`not run: set ${setup.missing.join(', ')}`);
    print('also: OSS_SESSION_TOKEN for temporary credentials, OSS_ROLE_ARN for a role that the key may assume,');
    print('OSS_TEST_DOMAIN and OSS_TEST_DOMAIN_BUCKET for a bucket in the region with a custom domain');
    return 0;
  }
  const startedAt = new Date();
  const bucket = `waybill-test-${randomBytes(6).toString('hex')}`;
  const steps = new Steps(print, stop);
  steps.announceBucket(bucket, setup.region);
  const answers = await tryAll(setup, bucket, steps);
  const path = join(folder, `${bucket}.md`);
  await mkdir(folder, { recursive: true });
  await writeFile(path, reportOf({ startedAt, region: setup.region, bucket, outcomes: steps.outcomes, answers }));
  print(`report ${path}`);
  return steps.hasFailed ? 1 : 0;
}

async function tryAll(setup: Setup, bucket: string, steps: Steps): Promise<readonly Answer[]> {
  const connections = new Connections(setup);
  const place: Place = { setup, connections, steps, bucket, prefix: '', connection: connections.to() };
  try {
    if (!(await bucketSteps(place))) return [];
    if (await isServed(place)) await dataSteps(place);
    await domainSteps(place);
    return await askAll(below(place, 'questions'));
  } finally {
    await steps.cleanUp('Clean up: everything is deleted, and the bucket', () =>
      removeBucket(place.connection, bucket),
    );
    await connections.close();
  }
}

/** Whether OSS serves data on its own public host. The questions tell what it says otherwise. */
async function isServed({ connection, bucket, steps }: Place): Promise<boolean> {
  const status = await steps.run('ListObjectsV2 of the new bucket', async () => {
    await listObjects(connection, bucket);
  });
  if (status === 'passed') return true;
  await steps.leaveOut(
    'Objects, links, sessions and versions',
    'try a region outside the mainland, such as cn-hongkong',
  );
  return false;
}

async function dataSteps(place: Place): Promise<void> {
  const v4 = below(place, 'v4');
  await objectSteps(v4);
  await multipartSteps(v4);
  await linkSteps(v4);
  await formSteps(v4);
  await ticketSteps(v4);
  await accessSteps(v4);
  await restoreStep(v4);
  await stepsWithV1(below(place, 'v1', 'v1'));
  await sessionSteps(below(place, 'session'));
  await versionSteps(below(place, 'versions'));
}

async function stepsWithV1(place: Place): Promise<void> {
  const status = await place.steps.run('Signature V1', async () => {
    try {
      await listObjects(place.connection, place.bucket);
    } catch (error) {
      const failure = toFailure(error);
      if (!('cause' in failure) || failure.cause !== 'v1-refused') throw error;
      throw new LeftOut('the account or the bucket takes Signature V4 only');
    }
  });
  if (status !== 'passed') return;
  await objectSteps(place);
  await multipartSteps(place);
  await linkSteps(place);
  await formSteps(place);
}
