import { z } from 'zod';
import { MAX_KEY_BYTES } from '../oss/limits.ts';

/*
 * The fields that many calls share, each with one limit. They bound what an untrusted page may send; checkKey() and
 * checkBucket() hold OSS's full rules and name the one that was broken.
 */

/** An account of this run. */
export const accountId = z.uuid();

/** @see https://www.alibabacloud.com/help/en/oss/user-guide/bucket-naming-conventions */
export const bucket = z.string().min(3).max(63);

/** A string has no more UTF-16 units than bytes of UTF-8, so every valid key fits. */
export const key = z.string().min(1).max(MAX_KEY_BYTES);

/** What keys begin with; empty means the whole bucket. */
export const prefix = z.string().max(MAX_KEY_BYTES);

/** Opaque; OSS's own have 64 characters, and `null` stands for an object stored before versioning. */
export const versionId = z.string().min(1).max(256);

/** From the previous page; null asks for the first one. */
export const pageToken = z.string().nullable();

/** Absolute. The longest path that Windows takes. */
export const localPath = z.string().min(1).max(32_767);

/** A call without arguments. */
export const none = z.strictObject({});
