import assert from 'node:assert/strict';
import { assumeRole, callerIdentity } from '../../main/accounts/sts/sts.ts';
import { scopePolicy } from '../../main/accounts/sts/policy.ts';
import { stsEndpointFor } from '../../main/accounts/sts/sts-endpoint.ts';
import type { AssumedSession } from '../../main/accounts/sts/credentials.ts';
import type { AccessKey } from '../../main/oss/connection.ts';
import { listObjects } from '../../main/oss/operations/listing.ts';
import { headObject } from '../../main/oss/operations/objects.ts';
import { linkTo, serves } from './link-steps.ts';
import { put, rejects } from './object-steps.ts';
import type { Place } from './place.ts';
import { LeftOut } from './steps.ts';

/** A session of the role in OSS_ROLE_ARN, for 15 minutes. @throws LeftOut without a role */
export async function assume(place: Place, policy: string): Promise<AccessKey> {
  return (await assumeAs(place, policy, 'waybill-acceptance')).accessKey;
}

/** As assume(), with what STS answers about the session. @throws LeftOut without a role */
export async function assumeAs(
  { setup, connections, connection }: Place,
  policy: string,
  sessionName: string,
): Promise<AssumedSession> {
  const { roleArn, accessKey } = setup;
  if (roleArn === null) throw new LeftOut('OSS_ROLE_ARN is not set');
  const { clock } = connections;
  return assumeRole({
    ...{ accessKey, clock, roleArn, policy, sessionName, durationSeconds: 900 },
    ...{ stsEndpoint: stsEndpointFor(connections.to()), dispatcher: connection.dispatcher },
  });
}

/** What a temporary key may do, and that it may do no more. */
export async function sessionSteps(place: Place): Promise<void> {
  const { bucket, connection, connections, setup, steps, prefix } = place;
  await steps.run(`${prefix}GetCallerIdentity`, async () => {
    const { accessKey } = setup;
    const { clock } = connections;
    const server = { accessKey, clock, stsEndpoint: stsEndpointFor(connections.to()) };
    const { accountId } = await callerIdentity({ ...server, dispatcher: connection.dispatcher });
    assert.ok(accountId);
  });
  await steps.run(`${prefix}AssumeRole: a session reads and lists below a prefix, and nothing else`, async () => {
    await put(place, 'inside/a');
    await put(place, 'outside/a');
    const session = await assume(place, scopePolicy(scopeOf(place)));
    const temporary: Place = { ...place, connection: { ...connection, accessKey: () => Promise.resolve(session) } };
    const page = await listObjects(temporary.connection, bucket, { prefix: `${prefix}inside/` });
    assert.equal(page.objects.length, 1);
    await serves(await linkTo(temporary, { key: `${prefix}inside/a` }), place, 'content');
    await rejects(() => headObject(temporary.connection, { bucket, key: `${prefix}outside/a` }), 'denied-by-policy');
    await rejects(() => put(temporary, 'inside/b'), 'denied-by-policy');
  });
}

function scopeOf({ bucket, prefix }: Place): Parameters<typeof scopePolicy>[0] {
  return { bucket, prefixes: [`${prefix}inside/`], keys: [], allow: ['read', 'list'], sourceIp: null };
}
