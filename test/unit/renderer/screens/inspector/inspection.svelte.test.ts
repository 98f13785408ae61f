import { expect, test } from 'vitest';
import type { ObjectHead, ObjectVersion } from '../../../../../main/contract/contract.ts';
import { CallFailed } from '../../../../../renderer/lib/bridge.ts';
import { Inspection } from '../../../../../renderer/screens/inspector/inspection.svelte.ts';
import { answering } from '../../answering.ts';
import { makeAccount } from '../../making.ts';

const subject = { accountId: makeAccount().id, bucket: 'depot', key: 'a.txt', versionId: null, deleteMarker: false };
const head = { etag: 'E' } as ObjectHead;
const version = { versionId: 'v' } as ObjectVersion;
const denied = { kind: 'credentials', cause: 'denied-by-policy', action: 'oss:ListObjectVersions' } as const;

test('headers and versions are read together', async () => {
  const inspection = new Inspection(
    subject,
    answering({ 'objects.head': () => head, 'objects.versions': () => [version] }),
  );
  expect(inspection.versions).toBeNull();
  await inspection.load();
  expect([inspection.head, inspection.versions]).toEqual([head, [version]]);
});

test('without the right to list versions the headers are shown all the same', async () => {
  const inspection = new Inspection(
    subject,
    answering({
      'objects.head': () => head,
      'objects.versions': () => {
        throw new CallFailed(denied);
      },
    }),
  );
  await inspection.load();
  expect(inspection.head).toEqual(head);
  expect(inspection.readingHead.failure).toBeNull();
  expect(inspection.readingVersions.failure).toEqual(denied);
});

test('of a version its own headers are read, and of a delete marker none', async () => {
  const asked: (string | null)[] = [];
  const call = answering({
    'objects.head': ({ versionId }) => {
      asked.push(versionId);
      return head;
    },
    'objects.versions': () => [version],
  });
  await new Inspection({ ...subject, versionId: 'v' }, call).load();
  const marker = new Inspection({ ...subject, versionId: 'm', deleteMarker: true }, call);
  await marker.load();
  expect(asked).toEqual(['v']);
  expect([marker.head, marker.readingHead.failure, marker.versions]).toEqual([null, null, [version]]);
});
