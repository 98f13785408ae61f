/**
 * The documented limits of OSS, each with its page. Sizes in bytes, times in seconds unless the name says otherwise.
 */

/** Longest object key, in bytes of UTF-8. @see https://www.alibabacloud.com/help/en/oss/user-guide/object-overview */
export const MAX_KEY_BYTES = 1023;

/** Largest body of one PutObject or PUT link (5 GB). @see https://www.alibabacloud.com/help/en/oss/developer-reference/putobject */
export const MAX_PUT_BYTES = 5 * 1024 ** 3;

/** Largest part (5 GB). @see https://www.alibabacloud.com/help/en/oss/developer-reference/uploadpart */
export const MAX_PART_BYTES = 5 * 1024 ** 3;

/** Most parts of one upload. @see https://www.alibabacloud.com/help/en/oss/user-guide/multipart-upload */
export const MAX_PARTS = 10_000;

/** Largest object: 10,000 parts of 5 GB, 48.8 TB. @see https://www.alibabacloud.com/help/en/oss/user-guide/multipart-upload */
export const MAX_OBJECT_BYTES = MAX_PARTS * MAX_PART_BYTES;

/** Most keys of one DeleteMultipleObjects. @see https://www.alibabacloud.com/help/en/oss/developer-reference/deletemultipleobjects */
export const MAX_DELETE_KEYS = 1000;

/** Longest life of a signed URL with V4 (7 days). @see https://www.alibabacloud.com/help/en/oss/developer-reference/add-signatures-to-urls */
export const MAX_V4_EXPIRES_SECONDS = 604_800;
