import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { readPaste } from '../../../main/accounts/pasting/paste.ts';
import type { PastedCredentials } from '../../../main/accounts/pasting/paste-fields.ts';
import { isExpected } from '../compare.ts';
import type { Kind } from '../kind.ts';

const input = z.object({ text: z.string() });
const result = z.object({
  accounts: z.array(z.record(z.string(), z.unknown())),
  preferred: z.int().nullable(),
  problems: z.array(z.string()),
});

type Fields = z.infer<typeof result>['accounts'][number];

/** A text that a person pasted: the accounts in it, the one to use first, and what is wrong. */
export const pastedCredentials: Kind = {
  run: (value) => {
    const reading = readPaste(input.parse(value).text);
    const found = reading.kind === 'found' ? reading.found : [];
    const preferred = reading.kind === 'found' ? reading.preferred : null;
    return { accounts: found.map(accountOf), preferred, problems: 'problems' in reading ? reading.problems : [] };
  },
  matches: (actual, expected) => {
    const [is, right] = [result.parse(actual), result.parse(expected)];
    const sameAccounts =
      is.accounts.length === right.accounts.length &&
      right.accounts.every((account) => is.accounts.some((one) => isSame(one, account)));
    return (
      sameAccounts &&
      isSame(preferredOf(is), preferredOf(right)) &&
      isDeepStrictEqual(new Set(is.problems), new Set(right.problems))
    );
  },
};

function accountOf({ role, validUntil, ...credentials }: PastedCredentials): Fields {
  const { name, accessKeyId, accessKeySecret, securityToken, region, endpoint } = credentials;
  return {
    ...{ name, accessKeyId, accessKeySecret, securityToken, region, endpoint },
    expiresAt: validUntil === null ? null : validUntil / 1000,
    roleArn: role?.roleArn ?? null,
    roleSessionName: role?.sessionName ?? null,
    externalId: role?.externalId ?? null,
    durationSeconds: role?.durationSeconds ?? null,
  };
}

/** Whether accounts are the same; for a role, what the text doesn't say may be any default. */
function isSame(actual: Fields | null, expected: Fields | null): boolean {
  if (expected === null || actual === null) return actual === expected;
  const isDefault = (name: string): boolean =>
    expected['roleArn'] !== null && ['roleSessionName', 'durationSeconds'].includes(name) && expected[name] === null;
  const fields = Object.keys(expected).filter((name) => !isDefault(name));
  return isExpected({ run: () => null, fields }, actual, expected, null);
}

function preferredOf({ accounts, preferred }: z.infer<typeof result>): Fields | null {
  return preferred === null ? null : (accounts[preferred] ?? null);
}
