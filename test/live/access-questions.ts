// What the documentation of OSS leaves open about CORS rules, and about policies that end what was signed.
import { setTimeout as wait } from 'node:timers/promises';
import { scopePolicy } from '../../main/accounts/sts/policy.ts';
import { principalOf } from '../../main/accounts/sts/session-principal.ts';
import { type FormRequest, issueForm, type UploadForm } from '../../main/links/forms/issue-form.ts';
import { checkPageCors } from '../../main/links/pages/cors-check.ts';
import { pageCorsRule } from '../../main/links/pages/cors-rule.ts';
import type { Ended } from '../../main/links/revoking/deny-and-try.ts';
import { endForm } from '../../main/links/revoking/end-uploads.ts';
import { policyEditor } from '../../main/links/revoking/policy-text.ts';
import { revokeSession } from '../../main/links/revoking/revoke-session.ts';
import type { AccessKey } from '../../main/oss/connection.ts';
import { bucketUrl } from '../../main/oss/endpoint.ts';
import { probe } from '../../main/oss/exchange/probe.ts';
import { deleteBucketPolicy } from '../../main/oss/operations/bucket-policy.ts';
import { deleteBucketCors, putBucketCors } from '../../main/oss/operations/cors.ts';
import { type Answer, type Finding, finding, opened } from './finding.ts';
import { sendForm } from './form-steps.ts';
import { linkTo, open } from './link-steps.ts';
import { put } from './object-steps.ts';
import type { Place } from './place.ts';
import { assume, assumeAs } from './session-steps.ts';
import { LeftOut } from './steps.ts';

const CORS_TRIES = 60;

async function corsRules(place: Place): Promise<Answer> {
  const { bucket, connection } = place;
  const { dispatcher } = connection;
  const { origin, path } = bucketUrl(connection.endpoint, bucket, null);
  const url = origin + path;
  const rules = (count: number) => ({
    rules: Array<typeof pageCorsRule>(count).fill(pageCorsRule),
    responseVary: null,
    others: [],
  });
  const findings = [
    await finding('Waybill’s rule, and how soon a page gets in', async () => {
      await putBucketCors(connection, bucket, rules(1));
      const started = performance.now();
      // By the answers alone, without the rules.
      const denied = () => Promise.reject(new LeftOut('the rules are not read'));
      for (let turn = 0; turn < CORS_TRIES; turn++) {
        const { kind } = await checkPageCors({ url, methods: ['POST', 'PUT', 'GET'], dispatcher, rules: denied });
        if (kind === 'fits' || kind === 'not-reached') return `${kind} after ${secondsSince(started)}`;
        await wait(1000);
      }
      return 'not within a minute';
    }),
    await finding('the headers of a refused GET from the origin null', async () => {
      const query = 'Expires=946684800&OSSAccessKeyId=nobody&Signature=none';
      const { status, headers } = await probe(
        { url: `${url}?${query}`, method: 'GET', headers: { origin: 'null' } },
        dispatcher,
      );
      const names = Object.keys(headers).filter((name) => name.startsWith('access-control-'));
      return `HTTP ${String(status)}, ${names.map((name) => `${name} ${headers[name] ?? ''}`).join(', ')}`;
    }),
    await finding('eleven rules', () => putBucketCors(connection, bucket, rules(11))),
  ];
  await finding('', () => deleteBucketCors(connection, bucket));
  return {
    question: 'How soon do CORS rules count, do refusals carry their headers, and how many may there be?',
    findings,
  };
}

async function endedForms(place: Place): Promise<Answer> {
  const { bucket, connection, prefix } = place;
  const end = (asked: string, name: string, key: () => Promise<AccessKey>): Promise<readonly Finding[]> => {
    const state: { form?: UploadForm } = {};
    return inTurn([
      () =>
        finding(asked, async () => {
          const request: FormRequest = {
            ...{ bucket, prefix: `${prefix}${name}/`, slots: null, expiresSeconds: 600, forbidOverwrite: true },
            ...{ sizeBytes: { min: 1, max: 1024 }, contentTypes: [], acl: null },
          };
          state.form = issueForm(connection, { accessKey: await key(), validUntil: null }, request).form;
          const started = performance.now();
          return toldOf(await endForm(connection, state.form, { editor: policyEditor(), wait }), started);
        }),
      () =>
        finding(`${asked}: an upload after that`, async () => {
          if (state.form === undefined) throw new LeftOut('no form');
          return opened(await sendForm(place, [['key', `${prefix}${name}/a`], ...state.form.fields]));
        }),
    ]);
  };
  const policy = scopePolicy({ bucket, prefixes: [prefix], keys: [], sourceIp: null, allow: ['write'] });
  const findings = [
    ...(await end('a form that the AccessKey signed', 'by-key', () => connection.accessKey())),
    ...(await end('a form that a session signed', 'by-session', () => assume(place, policy))),
  ];
  await finding('', () => deleteBucketPolicy(connection, bucket));
  return { question: 'How soon does a Deny with acs:AccessId end a form, and with which EC?', findings };
}

async function revokedSessions(place: Place): Promise<Answer> {
  const { bucket, connection, prefix, setup } = place;
  const key = `${prefix}revoked`;
  const policy = scopePolicy({ bucket, prefixes: [prefix], keys: [], sourceIp: null, allow: ['read'] });
  const revoke = (asked: string, sessionName: string, nameOf: (arn: string, roleArn: string) => string) =>
    finding(asked, async () => {
      const { accessKey, validUntil, arn } = await assumeAs(place, policy, sessionName);
      const principal = principalOf(nameOf(arn ?? '', `${setup.roleArn ?? ''}/${sessionName}`));
      const link = { url: await linkTo(place, { key, accessKey }), method: 'GET' } as const;
      const denial = { bucket, signer: { kind: 'session', principals: [principal] }, validUntil } as const;
      const started = performance.now();
      const told = toldOf(
        await revokeSession(connection, { ...denial, link }, { editor: policyEditor(), wait }),
        started,
      );
      return `${principal.replace(/\d{6,}/, 'ID')}: ${told}; then ${opened(await open(link.url, place))}`;
    });
  const findings = await inTurn([
    () => finding('the file', () => put(place, 'revoked')),
    () => revoke('named as STS answers', 'wb-answered', (arn) => arn),
    () => revoke('named as the role was asked for', 'wb-asked', (_, asked) => asked),
    () =>
      finding('a link to the file by the AccessKey', async () =>
        opened(await open(await linkTo(place, { key }), place)),
      ),
  ]);
  await finding('', () => deleteBucketPolicy(connection, bucket));
  return { question: 'How soon does a Deny for a session’s principal end its links, and with which EC?', findings };
}

async function inTurn(asks: readonly (() => Promise<Finding>)[]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const ask of asks) findings.push(await ask());
  return findings;
}

function toldOf(ended: Ended, started: number): string {
  return `${ended.kind === 'unconfirmed' ? ended.why : ended.kind} after ${secondsSince(started)}`;
}

function secondsSince(started: number): string {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}

/** The questions about CORS rules and policies, each an answer. They leave neither behind. */
export const accessQuestions: readonly ((place: Place) => Promise<Answer>)[] = [corsRules, endedForms, revokedSessions];
