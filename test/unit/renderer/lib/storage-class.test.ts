import { describe, expect, it, test } from 'vitest';
import {
  coldness,
  isFrozen,
  mayReadDirectly,
  restoreAt,
  storageClasses,
} from '../../../../renderer/lib/storage-class.ts';

const now = Date.UTC(2026, 10, 25);
const restored = (until: number | null) => ({ at: 'restored', until }) as const;

describe('whether an archived object can be read', () => {
  it('is never asked of a class that is read at any time', () => {
    expect(isFrozen({ storageClass: 'IA', restore: null }, now)).toBe(false);
    expect(coldness({ storageClass: 'Standard' }, now)).toBeNull();
  });

  it('is not before it was restored, nor while that is under way', () => {
    expect(isFrozen({ storageClass: 'Archive', restore: null }, now)).toBe(true);
    expect(isFrozen({ storageClass: 'ColdArchive' }, now)).toBe(true);
    expect(isFrozen({ storageClass: 'DeepColdArchive', restore: { at: 'ongoing' } }, now)).toBe(true);
    expect(coldness({ storageClass: 'Archive', restore: { at: 'ongoing' } }, now)).toBe('ongoing');
  });

  it('is until its restored copy ends, and no longer', () => {
    const object = { storageClass: 'Archive', restore: restored(now) };
    expect(isFrozen(object, now - 1)).toBe(false);
    expect(isFrozen(object, now)).toBe(true);
    expect(coldness(object, now)).toBe('frozen');
    expect(restoreAt(object.restore, now)).toBeNull();
  });

  it('is for as long as OSS names no end', () => {
    expect(isFrozen({ storageClass: 'Archive', restore: restored(null) }, now)).toBe(false);
  });
});

test('a bucket can let Archive objects be read directly, and no colder ones', () => {
  expect(storageClasses.filter(mayReadDirectly)).toEqual(['Archive']);
});
