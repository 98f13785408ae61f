/*
 * The documented limits of OSS, each with its page; below them, how much of what a server says is taken, whether it is OSS
 * or only passes for it. Sizes in bytes, times in seconds unless the name says otherwise.
 */

/** Longest object key, in bytes of UTF-8. @see https://www.alibabacloud.com/help/en/oss/user-guide/object-overview */
export const MAX_KEY_BYTES = 1023;

/**
 * Largest body of one PutObject or PUT link (5 GB).
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putobject
 */
export const MAX_PUT_BYTES = 5 * 1024 ** 3;

/** Most lifecycle rules of a bucket. @see https://www.alibabacloud.com/help/en/oss/developer-reference/putbucketlifecycle */
export const MAX_LIFECYCLE_RULES = 1000;

/** Largest part (5 GB). @see https://www.alibabacloud.com/help/en/oss/developer-reference/uploadpart */
export const MAX_PART_BYTES = 5 * 1024 ** 3;

/**
 * Smallest part but the last (100 KB).
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/uploadpart
 */
export const MIN_PART_BYTES = 100 * 1024;

/**
 * Most parts in one page of ListParts.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/listparts
 */
export const PARTS_PER_PAGE = 1000;

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

/**
 * Most CORS rules of a bucket, and the largest document of them. OSS's pages disagree about the number: the operation's says
 * 10, the guide's 20. Between the two, OSS itself decides.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putbucketcors
 * @see https://help.aliyun.com/zh/oss/user-guide/0034-00000006
 */
export const MAX_CORS = { rules: 20, bytes: 16 * 1024 } as const;

/**
 * The largest policy of a bucket, and the largest statement in it.
 * @see https://www.alibabacloud.com/help/en/oss/support/0030-00000001
 * @see https://www.alibabacloud.com/help/en/oss/support/0030-00000003
 */
export const MAX_BUCKET_POLICY = { bytes: 16 * 1024, statementBytes: 4095 } as const;

/** Most callback URLs of one upload. @see https://www.alibabacloud.com/help/en/oss/developer-reference/callback */
export const MAX_CALLBACK_URLS = 5;

/** Longest x-oss-callback-var, in Base64 (5 KB). @see https://www.alibabacloud.com/help/en/oss/support/0007-00000101 */
export const MAX_CALLBACK_VAR_BYTES = 5120;

/** Most entries of a page. OSS's own default is 100, which would take ten times as many requests. */
export const MAX_PAGE_KEYS = 1000;

/** Longest error reply that is read; OSS sends a few hundred bytes, and a callback server may answer with up to 1 MB. */
export const MAX_ERROR_BYTES = 64 * 1024;

/** Longest XML reply that is read. A page of 1,000 keys of 1,023 bytes, each byte written as `%XX`, is below 8 MB. */
export const MAX_XML_BYTES = 32 * 1024 * 1024;

/** Longest reply of STS that is read; it sends about two kilobytes. */
export const MAX_STS_BYTES = 1024 * 1024;

/** Longest time for a request to STS and its whole reply. */
export const STS_TIMEOUT_MS = 15_000;

/** Longest time for reading a whole reply (XML or an error): a trickle of bytes is never silent. */
export const TEXT_TIMEOUT_MS = 180_000;

/** Longest time for reading what a callback server answered; the upload is stored by then. */
export const CALLBACK_TIMEOUT_MS = 30_000;

/** Longest wait for the reply to CompleteMultipartUpload: OSS needs minutes to assemble 10,000 parts. */
export const COMPLETE_TIMEOUT_MS = 300_000;

/** Longest wait for the reply to a copy: OSS starts it only when the copy is complete, which takes minutes for a large one. */
export const COPY_TIMEOUT_MS = 300_000;

/** Deepest nesting of XML; OSS uses six levels. Without a limit, opening tags alone could exhaust memory. */
export const MAX_XML_DEPTH = 64;

/** Longest message of an error that is kept, in characters; OSS's own have a sentence or two. */
export const MAX_MESSAGE_LENGTH = 1000;

/** The longest wait that a Retry-After header is honoured for. */
export const MAX_RETRY_AFTER_MS = 5 * 60_000;

/**
 * Farthest that a server may move the clock. A time zone set wrong is within it; beyond it, one reply of a hostile server
 * would date links years ahead.
 */
export const MAX_CORRECTION_MS = 24 * 3_600_000;

/**
 * Most pages in a row that bring a listing no further: an empty page, or more versions of the same key. A bucket full of
 * delete markers has some; a server that sends them without end has no bucket.
 */
export const MAX_IDLE_PAGES = 1000;

/** Most buckets that are listed, and most custom domains of one of them; OSS allows 100 of each by default. */
export const MAX_BUCKETS = 100_000;
export const MAX_CUSTOM_DOMAINS = 1000;

/** Most regions that are taken from a server; OSS has some forty. */
export const MAX_REGIONS = 1000;

/** Most places of keys, and most characters at one of them, that are remembered to cut a listing into ranges. */
export const MAX_KEY_PLACES = 4096;
export const MAX_PLACE_CHARACTERS = 256;

/** Most ranges of one listing at a time, and most of its requests in flight. */
export const MAX_RANGES = 64;
export const MAX_PAGES_IN_FLIGHT = 16;

/** Pages that all ranges of a listing read ahead, and the bytes that these may take up. */
export const MAX_PAGES_AHEAD = 128;
export const MAX_BYTES_AHEAD = 48 * 1024 * 1024;
