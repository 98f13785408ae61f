/**
 * The documented limits of OSS, each with its page. Sizes in bytes, times in seconds unless the name says otherwise.
 */

/** Longest object key, in bytes of UTF-8. @see https://www.alibabacloud.com/help/en/oss/user-guide/object-overview */
export const MAX_KEY_BYTES = 1023;

/**
 * Largest body of one PutObject or PUT link (5 GB).
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putobject
 */
export const MAX_PUT_BYTES = 5 * 1024 ** 3;

/** Largest part (5 GB). @see https://www.alibabacloud.com/help/en/oss/developer-reference/uploadpart */
export const MAX_PART_BYTES = 5 * 1024 ** 3;

/**
 * Most parts of one multipart upload, numbered from 1.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/multipart-upload
 */
export const MAX_PARTS = 10_000;

/**
 * Largest object: 10,000 parts of 5 GB, 48.8 TB.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/multipart-upload
 */
export const MAX_OBJECT_BYTES = MAX_PARTS * MAX_PART_BYTES;

/**
 * Most keys in one DeleteMultipleObjects request.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/deletemultipleobjects
 */
export const MAX_DELETE_KEYS = 1000;

/**
 * Longest lifetime of a V4 signed URL (7 days).
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/add-signatures-to-urls
 */
export const MAX_V4_EXPIRES_SECONDS = 604_800;

/**
 * Smallest and largest x-oss-traffic-limit, in bit/s (100 KB/s and 100 MB/s).
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/single-connection-bandwidth-throttling
 */
export const TRAFFIC_LIMIT_BITS = { least: 819_200, most: 838_860_800 } as const;

/**
 * Most tags per object, and longest tag key and value in characters.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/object-tagging-8
 */
export const MAX_TAGS = { count: 10, nameLength: 128, valueLength: 256 } as const;

/**
 * Largest user metadata: all x-oss-meta-* names and values together (8 KB).
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/manage-object-metadata-10
 */
export const MAX_META_BYTES = 8192;

/** Most callback URLs of one upload. @see https://www.alibabacloud.com/help/en/oss/developer-reference/callback */
export const MAX_CALLBACK_URLS = 5;

/** Longest x-oss-callback-var, in Base64 (5 KB). @see https://www.alibabacloud.com/help/en/oss/support/0007-00000101 */
export const MAX_CALLBACK_VAR_BYTES = 5120;
