/** Shortest session in seconds. @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole */
export const MIN_SESSION_SECONDS = 900;

/** The longest session that any role may allow, in seconds; a role's own maximum is 3,600 unless it was raised. */
export const MAX_SESSION_SECONDS = 43_200;

/** Characters of a session policy at most. */
export const MAX_POLICY_CHARACTERS = 2048;

/** `acs:ram::<account ID>:role/<name>`. */
export const ROLE_ARN = /^acs:ram::[0-9*]+:role\/.+$/;

/** What shows up in the audit log as the one who used the role. */
export const SESSION_NAME = /^[\w.@-]{2,64}$/;

/** @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole */
export const EXTERNAL_ID = /^[\w=,.@:/-]{2,1224}$/;
