// What the documentation of OSS leaves open about form uploads (PostObject).
import { scopePolicy } from '../../main/accounts/sts/policy.ts';
import type { AccessKey } from '../../main/oss/connection.ts';
import { getObjectAcl } from '../../main/oss/operations/acl.ts';
import { type FormField, type PostCondition, signPostPolicy } from '../../main/oss/signing/post-policy.ts';
import { type Answer, type Finding, finding, opened } from './finding.ts';
import { sendForm } from './form-steps.ts';
import { listObjects } from '../../main/oss/operations/listing.ts';
import type { Place } from './place.ts';
import { assume } from './session-steps.ts';

/** A form to try: conditions besides those of bucket and signature, and fields besides those of the signature. */
interface Tried {
  readonly conditions: readonly PostCondition[];
  readonly fields: readonly FormField[];
  readonly file?: string | Buffer;
  readonly accessKey?: AccessKey;
  /** Fields without which the policy is signed, but which are sent. */
  readonly unnamed?: readonly FormField[];
}

async function tryForm(place: Place, { conditions, fields, file, accessKey, unnamed = [] }: Tried): Promise<string> {
  const { bucket, connection } = place;
  const { region, signVersion, clock } = connection;
  const now = clock.now();
  const signed = signPostPolicy({
    ...{ bucket, region, signVersion, signedAt: now, validUntil: now + 300_000, conditions },
    accessKey: accessKey ?? (await connection.accessKey()),
  });
  return opened(await sendForm(place, [...fields, ...signed.fields, ...unnamed], file));
}

const anyKey = ({ prefix }: Place): PostCondition => ['starts-with', '$key', `${prefix}forms/`];
const keyOf = ({ prefix }: Place, name: string): FormField => ['key', `${prefix}forms/${name}`];

/** A form whose key is fine, and which differs in one thing. */
function ask(place: Place, asked: string, tried: Partial<Tried>): Promise<Finding> {
  const key = keyOf(place, asked.replaceAll(/\W+/g, '-'));
  const { conditions = [], fields = [], ...rest } = tried;
  return finding(asked, () =>
    tryForm(place, { ...rest, conditions: [anyKey(place), ...conditions], fields: [key, ...fields] }),
  );
}

async function unnamedFields(place: Place): Promise<Answer> {
  const key = keyOf(place, 'made-public');
  const asked = 'x-oss-object-acl: public-read, and the ACL that came of it';
  const made = await finding(asked, async () => {
    const fields: readonly FormField[] = [key, ['x-oss-object-acl', 'public-read']];
    const sent = await tryForm(place, { conditions: [anyKey(place)], fields });
    return `${sent}; ${await getObjectAcl(place.connection, { bucket: place.bucket, key: key[1] })}`;
  });
  return {
    question: 'Does OSS accept fields of a form that no condition of its policy names?',
    findings: [
      await ask(place, 'x-oss-meta-name', { fields: [['x-oss-meta-name', 'a%20b']] }),
      await ask(place, 'x-oss-tagging', { fields: [['x-oss-tagging', 'of=nobody']] }),
      made,
    ],
  };
}

async function absentFields(place: Place): Promise<Answer> {
  const acl = '$x-oss-object-acl';
  return {
    question: 'Does a condition about a field refuse each form that lacks it?',
    findings: [
      await ask(place, 'in, with an empty text among the values', { conditions: [['in', acl, ['', 'private']]] }),
      await ask(place, 'not-in', { conditions: [['not-in', acl, ['public-read', 'public-read-write']]] }),
      await ask(place, 'starts-with the empty text', { conditions: [['starts-with', '$x-oss-meta-name', '']] }),
    ],
  };
}

async function manyKeys(place: Place): Promise<Answer> {
  const { prefix } = place;
  const among = (count: number) => {
    const keys = Array.from({ length: count }, (_, index) => `${prefix}forms/slot-${String(count)}-${String(index)}`);
    const fields: readonly FormField[] = [['key', keys.at(-1) ?? '']];
    return finding(`the last of ${String(count)}`, () =>
      tryForm(place, { conditions: [['in', '$key', keys]], fields }),
    );
  };
  return {
    question: 'How many keys may a policy name?',
    findings: [await among(200), await among(1000), await among(2000)],
  };
}

async function rightsOfForms(place: Place): Promise<Answer> {
  const { bucket, prefix } = place;
  // Nothing but oss:PutObject: writing in the sense of grants has tags and parts too.
  const { Statement, ...rest } = JSON.parse(
    scopePolicy({ bucket, prefixes: [`${prefix}forms/`], keys: [], allow: ['write'], sourceIp: null }),
  ) as { Statement: readonly object[] };
  const policy = JSON.stringify({
    ...rest,
    Statement: Statement.map((one) => ({ ...one, Action: ['oss:PutObject'] })),
  });
  const by = (asked: string, tried: (accessKey: AccessKey) => Partial<Tried>) =>
    finding(asked, async () => {
      const { seen } = await ask(place, asked, tried(await assume(place, policy)));
      return seen;
    });
  return {
    question: 'Which rights does a form need, and must its policy name the token of a session?',
    findings: [
      await by('by a session that may only PutObject', (accessKey) => ({ accessKey })),
      await by('the same with x-oss-object-acl: private', (accessKey) => ({
        ...{ accessKey, fields: [['x-oss-object-acl', 'private']] },
      })),
      await by('the same with x-oss-tagging', (accessKey) => ({ accessKey, fields: [['x-oss-tagging', 'of=form']] })),
      await by('the same with the token as a field alone', (accessKey) => ({
        accessKey: { ...accessKey, securityToken: null },
        unnamed: [['x-oss-security-token', accessKey.securityToken ?? '']],
      })),
    ],
  };
}

async function largeAndNamed(place: Place): Promise<Answer> {
  const { prefix, bucket, connection } = place;
  const inside: FormField = ['key', `${prefix}forms/\${filename}`];
  return {
    question: 'How does OSS refuse a file that is too large, and when does it fill in ${filename}?',
    findings: [
      await ask(place, '2 MB where 1 KB is allowed, over HTTPS', {
        ...{ conditions: [['content-length-range', 1, 1024]], file: Buffer.alloc(2 * 1024 * 1024) },
      }),
      await finding('eq with ${filename} in the key, and the keys that came of it', async () => {
        const sent = await tryForm(place, { conditions: [['eq', '$key', inside[1]]], fields: [inside] });
        const { objects } = await listObjects(connection, bucket, { prefix: `${prefix}forms/mine` });
        return `${sent}; ${objects.map(({ key }) => key.slice(prefix.length)).join(', ')}`;
      }),
      await finding('eq with the name that would come of it', () =>
        tryForm(place, { conditions: [['eq', '$key', `${prefix}forms/mine.html`]], fields: [inside] }),
      ),
    ],
  };
}

/** The questions about forms, each an answer. */
export const formQuestions: readonly ((place: Place) => Promise<Answer>)[] = [
  ...[unnamedFields, absentFields, manyKeys, rightsOfForms, largeAndNamed],
];
