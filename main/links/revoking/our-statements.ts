import { z } from 'zod';
import { SESSION_PRINCIPAL } from '../../accounts/sts/session-principal.ts';
import type { Statement } from './policy-text.ts';

/*
 * The statements that Waybill writes into policies. OSS documents no name for a statement (no Sid), so they are known by
 * their form, and each carries the moment when it stops to count. What differs in anything is somebody else's.
 */

const end = z.strictObject({ 'acs:CurrentTime': z.tuple([z.iso.datetime()]) });

/** Denies uploads that one AccessKey signs. */
export const uploadStatement = z.strictObject({
  Effect: z.literal('Deny'),
  Action: z.tuple([z.literal('oss:PutObject')]),
  Principal: z.tuple([z.literal('*')]),
  Resource: z.array(z.string()).min(1),
  Condition: z.strictObject({
    StringEquals: z.strictObject({ 'acs:AccessId': z.tuple([z.string().regex(/^[\w.-]{8,128}$/)]) }),
    DateLessThan: end,
  }),
});

/** Denies sessions everything in the bucket. The list is never empty, which OSS would read as everyone. */
export const sessionStatement = z.strictObject({
  Effect: z.literal('Deny'),
  Action: z.tuple([z.literal('oss:*')]),
  Principal: z.array(z.string().regex(SESSION_PRINCIPAL)).min(1),
  Resource: z.tuple([z.string(), z.string()]),
  Condition: z.strictObject({ DateLessThan: end }),
});

/** Denies everything in the bucket to tokens, each named by the AccessKey ID that only it has. */
export const tokenStatement = z.strictObject({
  Effect: z.literal('Deny'),
  Action: z.tuple([z.literal('oss:*')]),
  Principal: z.tuple([z.literal('*')]),
  Resource: z.tuple([z.string(), z.string()]),
  Condition: z.strictObject({
    StringEquals: z.strictObject({ 'acs:AccessId': z.array(z.string().regex(/^STS\.[\w-]{8,124}$/)).min(1) }),
    DateLessThan: end,
  }),
});

/** Denies one object to what one AccessKey signs. */
export const objectStatement = z.strictObject({
  Effect: z.literal('Deny'),
  Action: z
    .array(
      z.enum(['oss:GetObject', 'oss:GetObjectVersion', 'oss:PutObject', 'oss:DeleteObject', 'oss:DeleteObjectVersion']),
    )
    .min(1),
  Principal: z.tuple([z.literal('*')]),
  Resource: z.tuple([z.string()]),
  Condition: uploadStatement.shape.Condition,
});

/** The end of the year 9998: years after 9999 have another form. */
const MAX_TIME = Date.UTC(9999, 0, 1) - 1;

/** By so much a statement outlives what it denies, in case clocks differ: OSS accepts 15 minutes. */
export const SLACK_MS = 15 * 60_000;

/**
 * When a statement stops counting, as policies write it.
 * @param validUntil when what it denies expires, in Unix milliseconds
 * @param unitMs the end is rounded up to this
 */
export function endOfStatement(validUntil: number, unitMs = 1000): string {
  const end = Math.min(validUntil, MAX_TIME) + SLACK_MS;
  return new Date(Math.ceil(end / unitMs) * unitMs).toISOString().replace('.000Z', 'Z');
}

const ours = z.union([uploadStatement, sessionStatement, tokenStatement, objectStatement]);

/** When a statement of Waybill's stops counting, as endOfStatement() wrote it. */
export function endIn({ Condition }: z.infer<typeof ours>): string {
  return Condition.DateLessThan['acs:CurrentTime'][0];
}

/** Whether a statement is one of Waybill's that no longer counts. */
export function isStale(statement: Statement, now: number): boolean {
  const parsed = ours.safeParse(statement);
  return parsed.success && Date.parse(endIn(parsed.data)) < now;
}
