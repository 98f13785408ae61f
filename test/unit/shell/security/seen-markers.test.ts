import { expect, test } from 'vitest';
import { SeenMarkers } from '../../../../main/shell/security/seen-markers.ts';

const place = { accountId: 'a', bucket: 'holiday' };
const versions = Array.from({ length: 1200 }, (_, at) => ({ key: `k${at}`, versionId: `v${at}` }));

test('files that are restored don’t count as deleted: only markers that OSS listed, at their own place', () => {
  const markers = new SeenMarkers();
  expect(markers.countOthers(place, versions)).toBe(1200);
  markers.add(place, versions.slice(0, 1000));
  expect(markers.countOthers(place, versions)).toBe(200);
  expect(markers.countOthers({ ...place, accountId: 'b' }, versions)).toBe(1200);
  expect(markers.countOthers({ ...place, bucket: 'work' }, versions)).toBe(1200);
  expect(markers.countOthers(place, [{ key: 'k1', versionId: 'v2' }])).toBe(1);
});

test('few are remembered at a time, and a forgotten one counts', () => {
  const markers = new SeenMarkers();
  for (let page = 0; page <= 100; page += 1) {
    markers.add(
      place,
      Array.from({ length: 1000 }, (_, at) => ({ key: `${page}-${at}`, versionId: 'v' })),
    );
  }
  expect(markers.countOthers(place, [{ key: '0-0', versionId: 'v' }])).toBe(1);
  expect(markers.countOthers(place, [{ key: '100-0', versionId: 'v' }])).toBe(0);
});
