// The steps with links of the acceptance, against servers and clocks that the whole run does not meet.
import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ServerClock, type AccessKey, type Connection } from '../../../main/oss/connection.ts';
import { parseServer } from '../../../main/oss/endpoint.ts';
import { linkSteps, versionLinkStep } from '../../live/link-steps.ts';
import type { Place } from '../../live/place.ts';
import { reportOf } from '../../live/report.ts';
import { Connections, readSetup, type Setup } from '../../live/setup.ts';
import { Steps } from '../../live/steps.ts';
import { type PracticeBucket, makePracticeBucket } from '../transfers/practice-bucket.ts';

const session: AccessKey = {
  accessKeyId: 'STS.NUcanary4keyid',
  accessKeySecret: 'canary-secret-of-the-session',
  securityToken: `CAIScanary${'x1y2'.repeat(20)}`,
};
let echo: Server;
let practice: PracticeBucket;

beforeAll(async () => {
  // Stores whatever comes, and refuses links as OSS does where a signature is wrong: with all that was signed.
  echo = createServer((request, response) => {
    request.resume();
    const { searchParams } = new URL(request.url ?? '/', 'http://echo.test');
    const signed = [...searchParams].map(([name, value]) => `${name}:${value}`).join('\n');
    const signature = searchParams.get('x-oss-signature') ?? searchParams.get('Signature');
    if (signature === null) {
      response.end();
      return;
    }
    response.writeHead(403, { 'x-oss-request-id': '65F0' });
    response.end(
      `<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message><EC>0002-00000040</EC>` +
        `<OSSAccessKeyId>${session.accessKeyId}</OSSAccessKeyId><SignatureProvided>${signature}</SignatureProvided>` +
        `<StringToSign>${signed}</StringToSign><CanonicalRequest>GET ${request.url ?? ''} ${signed}</CanonicalRequest></Error>`,
    );
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  practice = await makePracticeBucket();
});

afterAll(async () => {
  await practice.close();
  echo.closeAllConnections();
  echo.close();
});

function setupOf({ accessKeyId, accessKeySecret, securityToken }: AccessKey): Setup {
  const setup = readSetup({
    ...{ OSS_ACCESS_KEY_ID: accessKeyId, OSS_ACCESS_KEY_SECRET: accessKeySecret, OSS_REGION: 'cn-hangzhou' },
    OSS_SESSION_TOKEN: securityToken ?? '',
  });
  if ('missing' in setup) throw new Error('the setup is incomplete');
  return setup;
}

async function stepsAt(
  setup: Setup,
  { bucket, connection }: { readonly bucket: string; readonly connection: Partial<Connection> },
): Promise<{ readonly steps: Steps; readonly printed: string }> {
  const connections = new Connections(setup);
  const lines: string[] = [];
  const steps = new Steps((line) => lines.push(line), new AbortController().signal);
  const place: Place = { setup, connections, steps, bucket, prefix: 'p/', connection: connections.to(connection) };
  await linkSteps(place);
  await versionLinkStep(place);
  await connections.close();
  return { steps, printed: lines.join('\n') };
}

test.each(['v4', 'v1'] as const)(
  'refused links of %s leave nothing secret in what is told of them',
  async (version) => {
    const { port } = echo.address() as AddressInfo;
    const endpoint = { ...parseServer(`http://127.0.0.1:${String(port)}`), addressing: 'path' as const };
    const { steps, printed } = await stepsAt(setupOf(session), {
      bucket: 'b-echo',
      connection: { endpoint, signVersion: version },
    });
    const { outcomes } = steps;
    const report = reportOf({ startedAt: new Date(0), region: 'r', bucket: 'b-echo', outcomes, answers: [] });
    expect(outcomes.filter(({ status }) => status === 'failed').length).toBeGreaterThan(4);
    expect(report).toContain('SignatureDoesNotMatch');
    for (const secret of ['canary', 'ignature:', 'ignature=', 'ignatureProvided', 'STS.']) {
      expect(printed + report).not.toContain(secret);
    }
  },
);

test('a link has ended although the clock of this computer is ahead', async () => {
  const { bucket, connection } = practice;
  const setup = setupOf(await connection.accessKey());
  const clock = new ServerClock(() => Date.now() + 60_000);
  const { endpoint, region, dispatcher } = connection;
  const { steps } = await stepsAt(setup, { bucket, connection: { endpoint, region, dispatcher, clock } });
  expect(steps.outcomes.find(({ name }) => name === 'p/link that has ended')).toMatchObject({ status: 'passed' });
});
