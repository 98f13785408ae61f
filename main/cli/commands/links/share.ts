import { linkPolicy } from '../../../accounts/sts/policy.ts';
import { linkEndpoint } from '../../../links/making/link-host.ts';
import { withNote } from '../../../links/text/link-note.ts';
import type { LinkMethod } from '../../../links/text/link-note.ts';
import type { LinkParts } from '../../../links/making/link-parts.ts';
import { checkLink } from '../../../links/making/link-rules.ts';
import { linkSnippets } from '../../../links/making/snippets.ts';
import { lifetimeSeconds, linkValidity } from '../../../links/making/validity.ts';
import { bucketUrl } from '../../../oss/endpoint.ts';
import { makeSignedUrl } from '../../../oss/signing/signed-url.ts';
import { parseObjectAddress } from '../../arguments/address.ts';
import { choiceError, type Command, type CommandContext, UsageError } from '../../arguments/command.ts';
import { connect, warnOfHost } from '../../arguments/connect.ts';
import { cdnOptionNames } from '../../arguments/cdn-options.ts';
import { readLifetime, readLinkHost } from '../../arguments/link-options.ts';
import { readArgs, readPairs } from '../../arguments/options.ts';
import { checkRevocable, sharingSession } from '../../revoking/sharing-session.ts';
import { isoTime } from '../../terminal/output.ts';
import { shareCdn } from './share-cdn.ts';
import { shareMany } from './share-many.ts';
import { sharePublic } from './share-public.ts';
import {
  linkMethods,
  readSnippet,
  refuseWithout,
  shareOptions,
  type ShareValues,
} from '../../arguments/share-options.ts';
import { text as sentence } from '../../terminal/sentences.ts';

/** `share`: creates a signed URL without sending anything, or one for each file below a prefix. */
export const shareCommand: Command = {
  usage: {
    forms: [
      ['share oss://bucket/key', 'print a signed URL'],
      ['share oss://bucket/prefix/ --recursive', 'print a link for each file below the prefix'],
      ['share oss://bucket/prefix/ --page', 'print a page that lists these files in any browser, as HTML'],
    ],
    about: ['With temporary credentials (OSS_SESSION_TOKEN) the URL expires with them if that is earlier.'],
    words: ['address'],
    options: shareOptions,
    examples: [
      { line: 'waybill share oss://photos/trip/beach.jpg --expires 7d', meaning: 'A link for a week' },
      {
        line: 'waybill share oss://documents/inbox/report.pdf --method PUT --expires 2h --json',
        meaning: 'A link to upload one file, as JSON',
      },
      {
        line: 'waybill share oss://photos/trip/ --recursive --format csv > links.csv',
        meaning: 'A link for each file of a folder, as a table',
      },
      { line: 'waybill share oss://photos/trip/ --page --expires 3d > trip.html', meaning: 'One page for a folder' },
    ],
  },
  async run(args, context) {
    const { values, words } = readArgs(args, shareOptions, ['oss://bucket/key']);
    const [text = ''] = words;
    if (values.public === true) return sharePublic(text, values, context);
    if (values['cdn-auth'] !== undefined) return shareCdn(text, values, context);
    refuseWithout(values, '--cdn-auth', cdnOptionNames);
    return isMany(values) ? shareMany(text, values, context) : shareOne(text, values, context);
  },
};

/** Options that mean nothing for one link, and what they require. */
const manyOnly = [
  ['format', '--recursive'],
  ['put', '--page'],
  ['cors', '--page'],
  ['force', '--put'],
] as const;

function isMany({ recursive, page }: ShareValues): boolean {
  return recursive === true || page === true;
}

async function shareOne(text: string, values: ShareValues, context: CommandContext): Promise<number> {
  for (const [name, other] of manyOnly) {
    if (values[name] !== undefined) throw new UsageError(sentence('cli.requires', { option: `--${name}`, other }));
  }
  checkRevocable(values);
  const address = parseObjectAddress(text);
  const connection = await connect(values, context, address.bucket);
  const { region, signVersion, clock } = connection;
  const endpoint = linkEndpoint(connection, readLinkHost(values['link-host']));
  const parts = readParts(values);
  checkLink(parts);
  const { method, params, headers } = parts;
  const versionId = params['versionId'] ?? null;
  const lifetime = readLifetime(values);
  const policy = (): string => linkPolicy({ method, ...address, versionId, headers });
  const sharing = await sharingSession(connection, values, { bucket: address.bucket, lifetime, policy }, context);
  const { session } = sharing;
  const { accessKey } = session;
  const signedAt = clock.now();
  const wantedSeconds = lifetimeSeconds(lifetime, signedAt);
  const leftSeconds = typeof session.validUntil === 'number' ? secondsUntil(session.validUntil, signedAt) : Infinity;
  const expiresSeconds = Math.min(wantedSeconds, leftSeconds);
  const additionalHeaders = Object.keys(headers).filter((name) => !isAlwaysBound(name));
  const url = makeSignedUrl({
    ...{ method, ...address, region, signVersion, accessKey, signedAt, expiresSeconds, params, headers },
    endpoint,
    additionalHeaders,
  });
  warnOfHost(connection, { endpoint, keys: method === 'GET' ? [address.key] : [] }, context);
  const noted = withNote(url, parts);
  const temporary = accessKey.securityToken !== null;
  if (!sharing.isRevocable && (session.validUntil === 'unknown' || expiresSeconds < wantedSeconds)) {
    context.out.say(sentence('cli.session.link'));
  }
  const terms = { now: signedAt, expiresSeconds: wantedSeconds, sessionValidUntil: session.validUntil, signVersion };
  await sharing.handOut({ host: bucketUrl(endpoint, address.bucket, null).host, count: 1 }, linkValidity(terms));
  const snippet = readSnippet(values.snippet);
  if (snippet !== null) {
    await context.out.answer(linkSnippets({ ...parts, url, key: address.key })[snippet]);
    return 0;
  }
  const validUntil = isoTime(signedAt + expiresSeconds * 1000);
  const shownUrl = values.fragment === true ? noted : url;
  const json = { url: shownUrl, method, ...address, versionId, headers, validUntil, temporary };
  await context.out.answer(values.json === true ? JSON.stringify(json) : shownUrl);
  return 0;
}

/** At least one: a session that is over is refused by OSS, in its own words. */
function secondsUntil(validUntil: number, now: number): number {
  return Math.max(1, Math.floor(validUntil / 1000) - Math.floor(now / 1000));
}

function readParts(values: ShareValues): LinkParts {
  const versionId = values['version-id'];
  const headers = readPairs(values.header ?? [], ':', '--header');
  return {
    method: readMethod(values.method ?? 'GET'),
    params: {
      ...readPairs(values.query ?? [], '=', '--query'),
      ...(versionId === undefined ? {} : { versionId }),
    },
    // Lowercase, as they are signed and as a note carries them.
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  };
}

function readMethod(text: string): LinkMethod {
  const method = text.toUpperCase();
  const found = linkMethods.find((one) => one === method);
  if (found === undefined) throw choiceError('--method', linkMethods);
  return found;
}

/** Other headers are only signed as V4's additional headers. */
function isAlwaysBound(name: string): boolean {
  return /^(content-type|content-md5|x-oss-.*)$/i.test(name);
}
