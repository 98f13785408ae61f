/**
 * Shortest session, in seconds.
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
 */
export const MIN_SESSION_SECONDS = 900;

/** Longest session that any role can allow, in seconds. A role's own maximum defaults to 3,600. */
export const MAX_SESSION_SECONDS = 43_200;

/** Longest session of a role that is assumed with the credentials of another session, in seconds. */
export const MAX_CHAINED_SECONDS = 3600;

/** Longest session policy, in characters without whitespace. */
export const MAX_POLICY_CHARACTERS = 2048;

/** A role ARN: `acs:ram::<account ID>:role/<name>`. */
export const ROLE_ARN = /^acs:ram::[0-9*]+:role\/.+$/;

/** A session name, which identifies the user of the role in the audit log (ActionTrail). */
export const SESSION_NAME = /^[\w.@-]{2,64}$/;

/** An external ID. @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole */
export const EXTERNAL_ID = /^[\w=,.@:/-]{2,1224}$/;

/** A source identity, of the same form as a session name with `=` and `,`. @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole */
export const SOURCE_IDENTITY = /^[\w=,.@-]{2,64}$/;
