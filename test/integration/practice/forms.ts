// Forms as ali-oss signs them, and as a browser sends them.
import type OSS from 'ali-oss';
import { type Client, type TestServer, xmlText } from './client.ts';

type Condition = Readonly<Record<string, string>> | readonly unknown[];

export interface FormOptions {
  readonly version?: 'v1' | 'v4';
  readonly conditions?: readonly Condition[];
  /** Fields besides those of the signature; null takes one of those away. */
  readonly fields?: Readonly<Record<string, string | null>>;
  readonly expiration?: unknown;
  /** When the form is signed, Unix milliseconds. */
  readonly at?: number;
  readonly bucket?: string;
}

interface Signer {
  readonly options: { readonly accessKeyId: string; readonly stsToken?: string };
  signPostObjectPolicyV4(policy: object, date: Date): string;
}

/** The fields of a form that ali-oss signed, without its file. Its key is `in/a` unless the options name another. */
export function signForm(client: Client, options: FormOptions = {}): Map<string, string> {
  const { version = 'v4', at = Date.now(), conditions = [] } = options;
  const { expiration = new Date(at + 3_600_000).toISOString(), bucket = 'form-bucket' } = options;
  const signer = client as unknown as Signer;
  const token = signer.options.stsToken;
  const stamp = `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const credential = `${signer.options.accessKeyId}/${stamp.slice(0, 8)}/cn-hangzhou/oss/aliyun_v4_request`;
  const own = {
    'x-oss-signature-version': 'OSS4-HMAC-SHA256',
    'x-oss-credential': credential,
    'x-oss-date': stamp,
  };
  const named = version === 'v4' ? Object.entries(own).map(([name, value]) => ({ [name]: value })) : [];
  const policy = { expiration, conditions: [{ bucket }, ...named, ...conditions] };
  const signed =
    version === 'v4'
      ? {
          ...own,
          policy: Buffer.from(JSON.stringify(policy)).toString('base64'),
          'x-oss-signature': signer.signPostObjectPolicyV4(policy, new Date(at)),
        }
      : (client as unknown as OSS).calculatePostSignature(policy);
  const tokens = token === undefined ? {} : { 'x-oss-security-token': token };
  const fields: Readonly<Record<string, string | null>> = {
    ...signed,
    ...tokens,
    key: 'in/a',
    ...options.fields,
  };
  return new Map(Object.entries(fields).filter((field): field is [string, string] => field[1] !== null));
}

export interface Posted {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly code: string | undefined;
  readonly ec: string | undefined;
}

/** Sends a form as fetch does. */
export async function post(
  server: TestServer,
  fields: ReadonlyMap<string, string>,
  file: Blob | string = 'content',
  { bucket = 'form-bucket', headers = {} }: { bucket?: string; headers?: Record<string, string> } = {},
): Promise<Posted> {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  form.append('file', typeof file === 'string' ? new File([file], 'a.txt', { type: 'text/plain' }) : file);
  const url = `${server.endpoint}/${bucket}`;
  const answer = await fetch(url, { method: 'POST', body: form, headers, redirect: 'manual' });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, code: xmlText(text, 'Code'), ec: xmlText(text, 'EC') };
}

/** Status, code and EC of an answer. */
export const outcome = ({ status, code, ec }: Posted): readonly [number, ...(string | undefined)[]] => [
  status,
  code,
  ec,
];
