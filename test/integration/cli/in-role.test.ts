import { expect, test } from 'vitest';
import { sourceCredentials } from '../../../main/accounts/sources/source-credentials.ts';
import { inRole } from '../../../main/cli/credentials/in-role.ts';
import { type Asked, issuedUntil, startService } from '../../support/credential-services.ts';
import { makeSourceContext } from '../../unit/accounts/sources/source-context.ts';

const hour = 3_600_000;
const role = {
  ...{ roleArn: 'acs:ram::1:role/r', sessionName: 'session', durationSeconds: 12 * 3600, externalId: 'partner-7' },
  ...{ sourceIdentity: null, policy: null, stsEndpoint: null },
};
const json = { 'content-type': 'application/json' };

/** A service whose sessions are called first and second, and an STS that refuses the first one as expired. */
async function makeServices(now: number) {
  const names = ['first', 'second'];
  const service = await startService(() => ({ body: issuedUntil(now + hour, names.shift()) }));
  const sts = await startService(({ headers }: Asked) =>
    headers['x-acs-security-token'] === 'CAIS-token-of-first'
      ? { status: 400, headers: json, body: { Code: 'InvalidSecurityToken.Expired', Message: 'no', RequestId: 'r' } }
      : { headers: json, body: { Credentials: issuedUntil(now + hour, 'role'), AssumedRoleUser: {} } },
  );
  return { service, sts };
}

test('a role is assumed again with new credentials where STS refuses the ones before as expired', async () => {
  const { context, time } = await makeSourceContext();
  const { service, sts } = await makeServices(time.now);
  const base = sourceCredentials({ kind: 'uri', uri: service.origin }, context);
  const credentials = inRole(base, role, { ...context, stsEndpoint: sts.origin });
  expect((await credentials.session()).accessKey.accessKeyId).toBe('STS.role');
  expect(service.asked).toHaveLength(2);
  expect(sts.asked.map(({ path, body }) => path + body).join()).toContain('partner-7');
});

test('sessions that sessions assumed last an hour, and aren’t asked for again to make them last longer', async () => {
  const { context, time } = await makeSourceContext();
  const { service, sts } = await makeServices(time.now);
  const base = sourceCredentials({ kind: 'uri', uri: service.origin }, context);
  const credentials = inRole(base, role, { ...context, stsEndpoint: sts.origin });
  await credentials.session(12 * hour);
  const { length } = sts.asked;
  await credentials.session(12 * hour);
  expect(sts.asked).toHaveLength(length);
});
