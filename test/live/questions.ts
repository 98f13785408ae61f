// What the documentation of OSS leaves open. Each question is asked in a way that costs next to nothing.
import { text } from 'node:stream/consumers';
import { request as plainRequest } from 'undici';
import { linkPolicy } from '../../main/accounts/sts/policy.ts';
import type { Connection } from '../../main/oss/connection.ts';
import { isMainland } from '../../main/oss/endpoint.ts';
import { createBucket } from '../../main/oss/operations/bucket-settings.ts';
import { listObjects } from '../../main/oss/operations/listing.ts';
import { putObject } from '../../main/oss/operations/objects.ts';
import { send } from '../../main/oss/exchange/request.ts';
import { accessQuestions } from './access-questions.ts';
import { removeBucket } from './bucket-steps.ts';
import { type Answer, type Finding, finding, opened } from './finding.ts';
import { formQuestions } from './form-questions.ts';
import { linkTo, open, valueOf } from './link-steps.ts';
import { put } from './object-steps.ts';
import type { Place } from './place.ts';
import { assume } from './session-steps.ts';

const FAR_AWAY = ['ap-southeast-5', 'eu-west-1'];
const MAINLAND = 'cn-hangzhou';
/** An address of RFC 5737 that nobody has. */
const NOBODY = '192.0.2.1';
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Asks all, unless the run is stopped. None of them can fail the run; a bucket that stays behind does. */
export async function askAll(place: Place): Promise<readonly Answer[]> {
  const questions = [
    ...[publicEndpoint, wrongRegion, publicBucket, taggedUpload],
    ...[sourceAddress, tokens, signatureV1, processed],
    ...formQuestions,
    ...accessQuestions,
  ];
  const answers: Answer[] = [];
  for (const ask of questions) {
    if (place.steps.isStopped) break;
    answers.push(await ask(place));
  }
  return answers;
}

async function publicEndpoint(place: Place): Promise<Answer> {
  const { setup, connections, bucket } = place;
  const findings = [await listing('on the public host of this region', place.connection, bucket)];
  if (!isMainland(setup.region)) {
    const mainland = { connection: connections.to({ region: MAINLAND }), bucket: `${bucket}-cn` };
    const asked = `PutBucket in ${MAINLAND}`;
    const ask = () => listing(`on the public host of ${MAINLAND}`, mainland.connection, mainland.bucket);
    findings.push(...(await inBucketOfItsOwn({ ...place, ...mainland }, { asked, acl: 'private', ask })));
  }
  findings.push(await onDomain(place, {}, 'ListObjectsV2 on the custom domain'));
  return { question: 'Is a new account refused data calls on a mainland region’s public host?', findings };
}

async function wrongRegion(place: Place): Promise<Answer> {
  const { connections, bucket, setup } = place;
  const wrong = { region: FAR_AWAY.find((region) => region !== setup.region) ?? '' };
  const accelerated = connections.at('https://oss-accelerate.aliyuncs.com', wrong);
  return {
    question: 'What does a V4 signature for another region get on an acceleration host, and on a custom domain?',
    findings: [
      await listing('on the acceleration host', accelerated, bucket),
      await onDomain(place, wrong, 'ListObjectsV2 on the custom domain'),
    ],
  };
}

function onDomain({ setup, connections }: Place, changes: Partial<Connection>, asked: string): Promise<Finding> {
  const { domain } = setup;
  if (domain === null) return Promise.resolve({ asked, seen: 'not asked: OSS_TEST_DOMAIN is not set' });
  return listing('on the custom domain', connections.to({ endpoint: domain.endpoint, ...changes }), domain.bucket);
}

async function publicBucket(place: Place): Promise<Answer> {
  const { connection } = place;
  const bucket = `${place.bucket}-public`;
  const ask = () =>
    finding('GetBucketInfo', async () => {
      const { body } = await send(connection, { method: 'GET', bucket, params: { bucketInfo: null } });
      const xml = await text(body);
      return ['Grant', 'BlockPublicAccess'].map((element) => `${element} ${valueOf(xml, element)}`).join(', ');
    });
  const asked = 'PutBucket with x-oss-acl: public-read';
  return {
    question: 'Is PutBucket with a public ACL refused where Block Public Access is the default?',
    findings: await inBucketOfItsOwn({ ...place, bucket }, { asked, acl: 'public-read', ask }),
  };
}

interface OwnBucket {
  /** What creating the bucket asks. */
  readonly asked: string;
  readonly acl: 'private' | 'public-read';
  /** Asks more, in the bucket. */
  readonly ask: () => Promise<Finding>;
}

/** Creates a bucket besides that of the run, under the name that is printed first, and removes it as a step. */
async function inBucketOfItsOwn(place: Place, { asked, acl, ask }: OwnBucket): Promise<readonly Finding[]> {
  const { connection, bucket, steps } = place;
  steps.announceBucket(bucket, connection.region);
  const created = await finding(asked, () => createBucket(connection, bucket, { storageClass: 'Standard', acl }));
  const found = await ask();
  await steps.cleanUp(`Clean up: the bucket ${bucket}`, () => removeBucket(connection, bucket));
  return [created, found];
}

async function taggedUpload(place: Place): Promise<Answer> {
  const { bucket } = place;
  const key = `${place.prefix}tagged`;
  const asked = 'PUT with x-oss-tagging through a link of a session that may only PutObject';
  const seen = await finding(asked, async () => {
    const session = await assume(place, linkPolicy({ method: 'PUT', bucket, key, versionId: null, headers: {} }));
    const headers = { 'x-oss-tagging': 'kind=test' };
    const connection = { ...place.connection, accessKey: () => Promise.resolve(session) };
    const url = await linkTo({ ...place, connection }, { key, method: 'PUT', headers });
    return opened(await open(url, place, { method: 'PUT', headers, body: 'content' }));
  });
  return { question: 'Does an upload with tags need PutObjectTagging besides PutObject?', findings: [seen] };
}

async function sourceAddress(place: Place): Promise<Answer> {
  const key = `${place.prefix}from-here`;
  const ask = async (params: Record<string, string>) =>
    finding(`GET through a V4 link with ${JSON.stringify(params)}`, async () =>
      opened(await open(await linkTo(place, { key, params }), place)),
    );
  await finding('a file', () => put(place, 'from-here'));
  return {
    question: 'Is x-oss-ac-source-ip enforced under V4? It is documented for V1 alone.',
    findings: [
      await ask({ 'x-oss-ac-source-ip': NOBODY }),
      await ask({ 'x-oss-ac-source-ip': '0.0.0.0', 'x-oss-ac-subnet-mask': '0' }),
    ],
  };
}

async function tokens(place: Place): Promise<Answer> {
  const { connection, bucket, prefix } = place;
  const seen = await finding('continuation tokens behind keys with blanks, signs and other scripts', async () => {
    for (const key of ['token/a b', 'token/a+b', 'token/a%2Fb', 'token/a/=?', 'token/名', 'token/🚢']) {
      await put(place, key);
    }
    const found: string[] = [];
    for (let token: string | undefined; found.length < 10; token = found.at(-1)) {
      const params = { 'list-type': '2', 'encoding-type': 'url', 'max-keys': '1', prefix: `${prefix}token/` };
      const next = token === undefined ? {} : { 'continuation-token': token };
      const { body } = await send(connection, { method: 'GET', bucket, params: { ...params, ...next } });
      const value = valueOf(await text(body), 'NextContinuationToken');
      if (value === '') break;
      found.push(value);
    }
    return found.join(' ');
  });
  return { question: 'Are continuation tokens ever percent-encoded?', findings: [seen] };
}

async function signatureV1(place: Place): Promise<Answer> {
  const { connection, bucket } = place;
  return {
    question: 'Which code stands beside EC 0002-00000080 where V1 is refused?',
    findings: [await listing('signed with V1', { ...connection, signVersion: 'v1' }, bucket)],
  };
}

async function processed(place: Place): Promise<Answer> {
  const { connection, bucket } = place;
  const key = `${place.prefix}pixel.png`;
  const upload = { bucket, key, body: PIXEL, sizeBytes: PIXEL.length, headers: { 'content-type': 'image/png' } };
  const params = { 'x-oss-process': 'image/resize,w_2,limit_0' };
  const ask = (asked: string, method: 'GET' | 'HEAD', range?: string) =>
    finding(asked, async () => {
      const url = await linkTo(place, { key, method, params });
      const { statusCode, headers, body } = await plainRequest(url, {
        ...{ method, dispatcher: connection.dispatcher },
        ...(range === undefined ? {} : { headers: { range } }),
      });
      const bytes = Buffer.from(await body.arrayBuffer());
      const names = ['etag', 'content-length', 'content-range', 'accept-ranges', 'x-oss-hash-crc64ecma', 'x-oss-ec'];
      const told = names.map((name) => `${name} ${String(headers[name] ?? '–')}`);
      return `HTTP ${String(statusCode)}, ${told.join(', ')}, ${String(bytes.length)} bytes`;
    });
  return {
    question: 'What do HEAD, ETag and Range say of a processed image?',
    findings: [
      await finding(
        'PutObject of an image of one pixel',
        async () => `ETag ${(await putObject(connection, upload)).etag ?? '–'}`,
      ),
      await ask('GET with x-oss-process', 'GET'),
      await ask('HEAD with x-oss-process', 'HEAD'),
      await ask('GET with x-oss-process and Range: bytes=0-9', 'GET', 'bytes=0-9'),
    ],
  };
}

function listing(where: string, connection: Connection, bucket: string): Promise<Finding> {
  return finding(`ListObjectsV2 ${where}`, async () => {
    const { objects } = await listObjects(connection, bucket, { maxKeys: 1 });
    return `answered, ${String(objects.length)} objects`;
  });
}
