import { describe, expect, test } from 'vitest';
import { fixedCredentials, renewingCredentials, type RoleSession } from '../../../../main/accounts/sts/credentials.ts';
import { ServerClock } from '../../../../main/oss/connection.ts';

const pair = { accessKeyId: 'LTAI', accessKeySecret: 's', securityToken: null };
const minute = 60_000;
const hour = 60 * minute;

/** A role whose sessions last `durationMs`; `time.now` is the clock. */
function makeRole(durationMs = hour, random = 0) {
  const time = { now: 1_000_000 };
  const asked: RoleSession[] = [];
  const broken = { by: null as Error | null };
  const tries = { count: 0 };
  const credentials = renewingCredentials({
    durationMs,
    clock: new ServerClock(() => time.now),
    random: () => random,
    obtain: async () => {
      tries.count += 1;
      await Promise.resolve();
      if (broken.by !== null) throw broken.by;
      const session = {
        accessKey: { ...pair, securityToken: `token-${asked.length + 1}` },
        validUntil: time.now + durationMs,
      };
      asked.push(session);
      return session;
    },
  });
  return { time, asked, broken, tries, credentials };
}

describe('a pair or a pasted token', () => {
  test('a long-lived key never ends', async () => {
    expect(await fixedCredentials(() => Promise.resolve(pair), null).session()).toEqual({
      accessKey: pair,
      validUntil: null,
    });
  });

  test('a token ends when the person said, or nobody knows', async () => {
    const token = { ...pair, securityToken: 't' };
    expect((await fixedCredentials(() => Promise.resolve(token), 5).session()).validUntil).toBe(5);
    expect((await fixedCredentials(() => Promise.resolve(token), null).session()).validUntil).toBe('unknown');
  });

  test('the keychain is asked once, and again after it failed', async () => {
    let calls = 0;
    const credentials = fixedCredentials(() => {
      calls += 1;
      return calls === 1 ? Promise.reject(new Error('locked')) : Promise.resolve(pair);
    }, null);
    await expect(credentials.session()).rejects.toThrow('locked');
    await Promise.all([credentials.session(), credentials.session()]);
    expect(calls).toBe(2);
  });

  test('cannot be renewed', () => {
    expect(fixedCredentials(() => Promise.resolve(pair), null).renew()).toBe(false);
  });
});

describe('the sessions of a role', () => {
  test('many requests at once share one AssumeRole', async () => {
    const { credentials, asked } = makeRole();
    await Promise.all(Array.from({ length: 50 }, () => credentials.session()));
    expect(asked).toHaveLength(1);
  });

  test.each([hour, 15 * minute, 12 * hour])('of %i ms are used until their last fifth begins', async (life) => {
    const { credentials, asked, time } = makeRole(life);
    await credentials.session();
    time.now += (life * 4) / 5;
    await credentials.session();
    expect(asked).toHaveLength(1);
    time.now += 1;
    await credentials.session();
    expect(asked).toHaveLength(2);
  });

  test('are renewed a little earlier by some clients than by others', async () => {
    const { credentials, asked, time } = makeRole(hour, 1);
    await credentials.session();
    time.now += 46 * minute;
    await credentials.session();
    expect(asked).toHaveLength(2);
  });

  test('that are to be renewed are asked for once, however many wait', async () => {
    const { credentials, asked, time } = makeRole();
    await credentials.session();
    time.now += 50 * minute;
    const sessions = await Promise.all(Array.from({ length: 50 }, () => credentials.session()));
    expect(asked).toHaveLength(2);
    expect(new Set(sessions).size).toBe(1);
  });

  test('are not asked for at each request while STS fails', async () => {
    const { credentials, broken, time, tries } = makeRole();
    await credentials.session();
    broken.by = new Error('STS is down');
    time.now += 50 * minute;
    for (let request = 0; request < 50; request += 1) await credentials.session();
    expect(tries.count).toBe(2);
    time.now += minute;
    await credentials.session();
    expect(tries.count).toBe(3);
  });

  test('are renewed for a link that would outlive them', async () => {
    const { credentials, asked, time } = makeRole();
    await credentials.session();
    time.now += 30 * minute;
    await credentials.session(20 * minute);
    expect(asked).toHaveLength(1);
    const { validUntil } = await credentials.session(hour);
    expect(validUntil).toBe(time.now + hour);
  });

  test('are not renewed for the sake of seconds', async () => {
    const { credentials, asked, time } = makeRole();
    await credentials.session(24 * hour);
    time.now += 30_000;
    await credentials.session(24 * hour);
    expect(asked).toHaveLength(1);
  });

  test('are given up when the server calls them expired', async () => {
    const { credentials } = makeRole();
    await credentials.session();
    expect(credentials.renew()).toBe(true);
    expect((await credentials.session()).accessKey.securityToken).toBe('token-2');
  });

  test('serve to their very end while STS is out of reach', async () => {
    const { credentials, broken, time } = makeRole();
    await credentials.session();
    broken.by = new Error('STS is down');
    time.now += hour - minute;
    expect((await credentials.session()).accessKey.securityToken).toBe('token-1');
    time.now += minute;
    await expect(credentials.session()).rejects.toThrow('STS is down');
    broken.by = null;
    expect((await credentials.session()).accessKey.securityToken).toBe('token-2');
  });
});
