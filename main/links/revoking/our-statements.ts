import { z } from 'zod';
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

/** By so much a statement outlives what it denies, in case clocks differ: OSS accepts 15 minutes. */
const SLACK_MS = 15 * 60_000;

/**
 * When a statement stops to count, as policies write it.
 * @param validUntil when what it denies expires, in Unix milliseconds; rounded up to a second
 */
export function endOfStatement(validUntil: number): string {
  return new Date(Math.ceil((validUntil + SLACK_MS) / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

/** Whether a statement is one of Waybill's that no longer counts. */
export function isStale(statement: Statement, now: number): boolean {
  const parsed = uploadStatement.safeParse(statement);
  return parsed.success && Date.parse(parsed.data.Condition.DateLessThan['acs:CurrentTime'][0]) < now;
}
