import { makeSignedUrl, type SignedUrlOptions } from '../oss/signed-url.ts';
import { MAX_V4_EXPIRES_SECONDS } from '../oss/limits.ts';
import { parseObjectAddress } from './address.ts';
import { type Command, UsageError } from './command.ts';
import { connect } from './connect.ts';
import { readArgs, readNumber, readPairs, serverHelp, serverOptions } from './options.ts';
import { isoTime } from './output.ts';

/** One hour. */
const DEFAULT_EXPIRES = '3600';

/** `share`: makes a signed URL, without sending anything. */
export const shareCommand: Command = {
  help: `share oss://bucket/key        print a signed URL

  --expires SECONDS    how long it is valid, ${DEFAULT_EXPIRES} unless given; ${MAX_V4_EXPIRES_SECONDS} (7 days) at most with v4
  --method METHOD      GET (default), HEAD, PUT or DELETE
  --version-id ID      a certain version
  --header 'Name: value'   a header that the user of the URL must send too; may be repeated
  --query name=value   a query parameter such as response-content-disposition; may be repeated
${serverHelp}

With temporary credentials (OSS_SESSION_TOKEN) the URL ends with them, if that is earlier.`,
  async run(args, context) {
    const options = {
      ...serverOptions,
      expires: { type: 'string', default: DEFAULT_EXPIRES },
      method: { type: 'string', default: 'GET' },
      'version-id': { type: 'string' },
      header: { type: 'string', multiple: true },
      query: { type: 'string', multiple: true },
    } as const;
    const { values, words } = readArgs(args, options, ['oss://bucket/key']);
    const address = parseObjectAddress(words[0] ?? '');
    const { endpoint, region, signVersion, key: accessKey, clock } = connect(values, context);
    const headers = readPairs(values.header ?? [], ':', '--header');
    const versionId = values['version-id'];
    const params = {
      ...readPairs(values.query ?? [], '=', '--query'),
      ...(versionId === undefined ? {} : { versionId }),
    };
    const method = readMethod(values.method);
    const expiresSeconds = readNumber(values.expires, '--expires', 0, Number.MAX_SAFE_INTEGER);
    const signedAt = clock.now();
    const additionalHeaders = Object.keys(headers).filter((name) => !isAlwaysBound(name));
    const url = makeSignedUrl({
      ...{ method, ...address, endpoint, region, signVersion, accessKey, signedAt, expiresSeconds, params, headers },
      additionalHeaders,
    });
    const temporary = accessKey.securityToken !== null;
    if (temporary) {
      context.out.say('The link is signed with temporary credentials: it ends with them, if that is earlier.');
    }
    const validUntil = isoTime(signedAt + expiresSeconds * 1000);
    const json = { url, method, ...address, versionId: versionId ?? null, validUntil, temporary };
    await context.out.answer(values.json === true ? JSON.stringify(json) : url);
    return 0;
  },
};

function readMethod(text: string): SignedUrlOptions['method'] {
  const method = text.toUpperCase();
  if (method === 'GET' || method === 'HEAD' || method === 'PUT' || method === 'DELETE') return method;
  throw new UsageError('--method is GET, HEAD, PUT or DELETE.');
}

/** All others are bound only when they are named as additional headers, which V4 knows. */
function isAlwaysBound(name: string): boolean {
  return /^(content-type|content-md5|x-oss-.*)$/i.test(name);
}
