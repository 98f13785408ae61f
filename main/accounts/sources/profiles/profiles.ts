import { type Failure, toFailure } from '../../../failure.ts';
import type { FileState } from '../file-state.ts';
import type { Recipe } from '../recipe.ts';
import { sourceError } from '../source-failure.ts';
import { type ProfileFile, profileFiles, type ProfileRef, type SourceContext } from '../source.ts';
import type { ProfileFields } from './profile-fields.ts';
import { currentVariable, type ReadFile, readProfiles } from './profile-files.ts';
import { isCloudSso, isEmptyProfile, recipeOfProfile } from './profile-recipe.ts';

/** A profile that was found, without its secrets. */
export interface FoundProfile {
  readonly profile: ProfileRef;
  /** As the file writes it; null: not at all. */
  readonly mode: string | null;
  /** Whether programs use it if none is named. */
  readonly isCurrent: boolean;
  /** The AccessKey ID in the file, for modes that have one. */
  readonly accessKeyId: string | null;
  /** Where the profile says that OSS is. */
  readonly endpoint: string | null;
  readonly region: string | null;
  /** Why it can't be used; null if it can. */
  readonly problem: Failure | null;
}

/** All profiles that were found, and the files that couldn't be read. */
export interface ProfileList {
  readonly profiles: readonly FoundProfile[];
  readonly problems: readonly Failure[];
}

type Place = Pick<SourceContext, 'environment' | 'home'>;

/**
 * The profiles of all files, in the order in which a name is looked up. Those that nobody has filled in are left out, and all
 * where sources are off.
 */
export async function listProfiles(place: Place & Pick<SourceContext, 'areSourcesOff'>): Promise<ProfileList> {
  if (place.areSourcesOff?.() === true) return { profiles: [], problems: [] };
  const profiles: FoundProfile[] = [];
  const problems: Failure[] = [];
  for (const file of profileFiles) {
    try {
      const read = await readProfiles(file, place);
      if (read === null) continue;
      for (const fields of filledIn(read)) profiles.push(describe(fields, { file, read, place }));
    } catch (error) {
      problems.push(toFailure(error));
    }
  }
  return { profiles, problems };
}

/** Profiles of one name are one profile, the first. */
function filledIn({ profiles }: ReadFile): readonly ProfileFields[] {
  return profiles.filter(
    (fields, index) =>
      !isEmptyProfile(fields) && profiles.findIndex(({ origin }) => origin.name === fields.origin.name) === index,
  );
}

interface Found {
  readonly file: ProfileFile;
  readonly read: ReadFile;
  readonly place: Place;
}

function describe(fields: ProfileFields, { file, read, place }: Found): FoundProfile {
  const { name } = fields.origin;
  let problem: Failure | null = null;
  try {
    makeRecipe(read, name, place);
  } catch (error) {
    problem = toFailure(error);
  }
  return {
    profile: { file, name },
    mode: fields.shown('mode'),
    isCurrent: name === read.current,
    accessKeyId: fields.shown('accessKeyId'),
    // That of the aliyun CLI is one of other products.
    endpoint: file === 'ossutil' ? fields.shown('endpoint') : null,
    region: fields.shown('region'),
    problem,
  };
}

/**
 * The profile of this name, in the first file that has it.
 * @throws WaybillError `credentials` source-missing; source-malformed, `file` for a file that can't be read
 */
export async function findProfile(name: string, place: Place): Promise<FoundProfile> {
  for (const file of profileFiles) {
    const read = await readProfiles(file, place);
    const fields = read === null ? undefined : filledIn(read).find(({ origin }) => origin.name === name);
    if (read !== null && fields !== undefined) return describe(fields, { file, read, place });
  }
  throw sourceError('source-missing', { kind: 'profile', name });
}

/**
 * The profile that programs use if none is named, in the first file that has one; null if no file has.
 * @throws WaybillError as findProfile(), also where a variable names a profile that no file has
 */
export async function currentProfile(place: Place): Promise<ProfileRef | null> {
  for (const file of profileFiles) {
    const read = await readProfiles(file, place);
    const name = read?.current;
    if (read !== null && filledIn(read).some(({ origin }) => origin.name === name)) return { file, name: read.current };
  }
  const named =
    profileFiles.map((file) => currentVariable(file, place.environment)).find((name) => name !== null) ?? null;
  if (named !== null) throw sourceError('source-missing', { kind: 'profile', name: named });
  return null;
}

/** The recipe of a profile, and the file that it is in, as it was. */
export interface ProfileRecipe {
  readonly recipe: Recipe;
  readonly files: readonly FileState[];
}

/**
 * Reads what it takes to obtain a profile's credentials.
 * @throws WaybillError `credentials` source-missing, source-unusable or source-malformed; `file`
 */
export async function readProfile({ file, name }: ProfileRef, place: Place): Promise<ProfileRecipe> {
  const read = await readProfiles(file, place);
  if (read === null) throw sourceError('source-missing', { kind: 'profile', name });
  return { recipe: makeRecipe(read, name, place), files: [read.file] };
}

/**
 * The profile of the aliyun CLI that is signed in to CloudSSO: the one of this name; for null the current one, or else the
 * first.
 * @throws WaybillError as readProfile()
 */
export async function readCloudSso(
  name: string | null,
  place: Place,
): Promise<ProfileRecipe & { readonly name: string }> {
  const read = await readProfiles('aliyun', place);
  const all = read?.profiles.filter(isCloudSso) ?? [];
  const wanted = name ?? read?.current;
  const found = all.find(({ origin }) => origin.name === wanted) ?? (name === null ? all[0] : undefined);
  if (read === null || found === undefined) throw sourceError('source-missing', { kind: 'cloudsso', name: name ?? '' });
  return { name: found.origin.name, recipe: makeRecipe(read, found.origin.name, place), files: [read.file] };
}

function makeRecipe(read: ReadFile, name: string, place: Place, above: readonly string[] = []): Recipe {
  const fields = read.profiles.find(({ origin }) => origin.name === name);
  if (fields === undefined) throw sourceError('source-missing', { kind: 'profile', name });
  if (above.includes(name)) throw fields.unusable('source_profile');
  const recipeOf = (next: string): Recipe => makeRecipe(read, next, place, [...above, name]);
  return recipeOfProfile(fields, { environment: place.environment, recipeOf });
}
