import { join } from 'node:path';
import { z } from 'zod';
import { WaybillError } from '../../../failure.ts';
import { readText } from '../../../local-files/read-text.ts';
import { type Environment, firstValueOf, valueOf } from '../../environment.ts';
import { normalizeName } from '../../pasting/paste-fields.ts';
import { type FileState, fileState } from '../file-state.ts';
import { parsed } from '../issued.ts';
import { sourceError } from '../source-failure.ts';
import type { ProfileFile, SourceContext } from '../source.ts';
import { isOn } from '../variables.ts';
import { type Ini, parseIni } from './ini.ts';
import { ProfileFields } from './profile-fields.ts';

/** Longest file that is read, in bytes. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Most profiles of a file that are looked at. */
const MAX_PROFILES = 1000;

/** The profiles of a file, in its order. */
export interface ReadFile {
  readonly file: FileState;
  readonly profiles: readonly ProfileFields[];
  /** The name of the profile that programs use if none is named. */
  readonly current: string;
}

type Place = Pick<SourceContext, 'environment' | 'home'>;

/** Where each file is, unless a variable names another. */
const places: Readonly<Record<ProfileFile, { readonly variable: string; readonly usual: readonly string[] }>> = {
  aliyun: { variable: 'ALIBABA_CLOUD_CONFIG_FILE', usual: ['.aliyun', 'config.json'] },
  sdk: { variable: 'ALIBABA_CLOUD_CREDENTIALS_FILE', usual: ['.alibabacloud', 'credentials'] },
  ossutil: { variable: 'OSSUTIL_CONFIG_FILE', usual: ['.ossutilconfig'] },
};

const aliyunVariables = ['ALIBABA_CLOUD_PROFILE', 'ALIBABACLOUD_PROFILE', 'ALICLOUD_PROFILE'];

/** Variables that name the current profile, in order of precedence. */
const currentVariables: Readonly<Record<ProfileFile, readonly string[]>> = {
  aliyun: aliyunVariables,
  sdk: aliyunVariables.slice(0, 1),
  ossutil: ['OSSUTIL_PROFILE'],
};

/**
 * Where a file of profiles is.
 * @see https://github.com/aliyun/credentials-go/blob/master/credentials/providers/cli_profile.go ALIBABA_CLOUD_CONFIG_FILE
 * @see https://github.com/aliyun/credentials-nodejs/blob/master/src/providers/profile.ts ALIBABA_CLOUD_CREDENTIALS_FILE
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/configure-ossutil2 OSSUTIL_CONFIG_FILE
 */
function profilePath(file: ProfileFile, { environment, home }: Place): string {
  const { variable, usual } = places[file];
  return valueOf(environment, variable) ?? join(home, ...usual);
}

/**
 * Reads a file of profiles; null if there is none, or the environment turns it off.
 * @throws WaybillError `credentials` source-malformed, `file`
 */
export async function readProfiles(file: ProfileFile, place: Place): Promise<ReadFile | null> {
  if (file === 'aliyun' && isOn(place.environment, 'ALIBABA_CLOUD_CLI_PROFILE_DISABLED')) return null;
  const path = profilePath(file, place);
  const state = await fileState(path);
  const text = await readText(path, MAX_BYTES).catch((error: unknown) => {
    if (error instanceof WaybillError && error.failure.kind === 'file' && error.failure.reason === 'missing') return '';
    throw error;
  });
  if (text === '') return null;
  const { profiles, current } = (text === null ? null : readers[file](text)) ?? {};
  if (profiles === undefined) throw sourceError('source-malformed', { kind: 'profile', name: '' }, path);
  return {
    file: state,
    profiles: profiles.slice(0, MAX_PROFILES),
    current: currentVariable(file, place.environment) ?? current ?? 'default',
  };
}

/** The profile that a variable chooses for a file; null if none does. */
export function currentVariable(file: ProfileFile, environment: Environment): string | null {
  return firstValueOf(environment, currentVariables[file]);
}

interface Content {
  readonly profiles: readonly ProfileFields[];
  readonly current?: string | undefined;
}

const readers: Readonly<Record<ProfileFile, (text: string) => Content | null>> = {
  aliyun: readAliyun,
  sdk: (text) => ({ profiles: sections(parseIni(text, { section: String, key: normalizeName })) }),
  ossutil: (text) => ({ profiles: ossutilSections(parseIni(text, ossutilNames)) }),
};

const aliyunSchema = z.object({
  current: z.string().optional().catch(undefined),
  profiles: z.array(z.looseObject({ name: z.string() })),
});

function readAliyun(text: string): Content | null {
  const read = parsed(text, aliyunSchema);
  if (read === null) return null;
  const profiles = read.profiles.map((profile) => new ProfileFields(profile.name, scalars(profile)));
  return { profiles, current: read.current };
}

/** The settings of a profile that are texts, numbers or yes and no. */
function scalars(profile: object): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(profile).flatMap(([name, value]: [string, unknown]) =>
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? [[normalizeName(name), String(value)] as const]
        : [],
    ),
  );
}

function sections(ini: Ini): readonly ProfileFields[] {
  return [...ini].map(([name, values]) => new ProfileFields(name, values));
}

/** Sections and keys are compared without their case; `[default]` is short for `[profile default]`. */
const ossutilNames = { section: (name: string) => name.toLowerCase().replace(/^profile\s+/, ''), key: normalizeName };

/**
 * The profiles of ossutil: those of version 2, each with what it takes from its `source_profile`, and the section
 * `[Credentials]` of version 1 as `default`. Sections about buckets and services aren't profiles.
 */
function ossutilSections(ini: Ini): readonly ProfileFields[] {
  const first = ini.get('credentials');
  const all = new Map(ini);
  if (first !== undefined) all.set('default', new Map([...first, ...(ini.get('default') ?? [])]));
  return [...all.keys()]
    .filter((name) => !/^(?:credentials$|akservice$|bucket)/.test(name))
    .map((name) => new ProfileFields(name, inherited(all, name)));
}

function inherited(all: Ini, name: string, seen: readonly string[] = []): ReadonlyMap<string, string> {
  const values = all.get(name) ?? new Map<string, string>();
  const source = ossutilNames.section(values.get('sourceprofile') ?? '');
  return source === '' || [...seen, name].includes(source)
    ? values
    : new Map([...inherited(all, source, [...seen, name]), ...values]);
}
