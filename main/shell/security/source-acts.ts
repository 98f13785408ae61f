import type { Account, AccountDraft } from '../../accounts/account.ts';
import { type Environment, valueOf } from '../../accounts/environment.ts';
import type { Recipe } from '../../accounts/sources/recipe.ts';
import { lookUp } from '../../accounts/sources/resolve.ts';
import type { SourceContext } from '../../accounts/sources/source.ts';
import { IMDS_ENDPOINT } from '../../accounts/sources/variables.ts';
import { WaybillError } from '../../failure.ts';
import type { Translate } from '../../words/translator.ts';
import type { Consent } from './consent.ts';

/** What a source of credentials does outside Waybill, each time it is asked. */
export type SourceAct =
  /** Runs a program. `command`: with its arguments, as one text. */
  | { readonly kind: 'program'; readonly program: string; readonly command: string }
  /** Sends a request to an address, and signs with what it answers. */
  | { readonly kind: 'address'; readonly address: string }
  /** Sends the content of a file to a server. */
  | { readonly kind: 'token'; readonly file: string; readonly server: string };

/** Where sources are looked up: variables, and the folder that `~` stands for. */
type Place = Pick<SourceContext, 'environment' | 'home' | 'areSourcesOff'>;

/** Longest command or address that a question shows whole: what can't be read can't be agreed to. */
const MAX_SHOWN = 1000;

/**
 * What the source of a new or changed account does that a person must agree to. What the account did before isn't asked
 * about again.
 * @throws WaybillError as lookUp(); `input` for what is too long to be shown
 */
export async function newActsOf(
  before: Account | null,
  draft: AccountDraft,
  place: Place,
): Promise<readonly SourceAct[]> {
  if (draft.kind !== 'sourced') return [];
  const known = before?.kind === 'sourced' ? await actsOf(before, place).catch(() => []) : [];
  const acts = (await actsOf(draft, place)).filter((act) => !known.some((other) => sameAct(act, other)));
  if (acts.some((act) => Object.values(act).some((shown: string) => shown.length > MAX_SHOWN))) {
    throw new WaybillError({ kind: 'input', field: 'source', rule: 'source-too-long' });
  }
  return acts;
}

/** Asks before a source of credentials runs a program or sends a request. @throws WaybillError `cancelled` */
export async function confirmActs(consent: Consent, text: Translate, acts: readonly SourceAct[]): Promise<void> {
  for (const { kind, ...names } of acts) {
    await consent.require({
      message: text(`consent.source.${kind}`, names),
      detail: text(`consent.source.${kind}.detail`, names),
      proceed: text(`consent.source.${kind}.do`),
    });
  }
}

type Sourced = Extract<AccountDraft, { readonly kind: 'sourced' }>;

async function actsOf(
  { source, stsEndpoint }: Pick<Sourced, 'source' | 'stsEndpoint'>,
  place: Place,
): Promise<readonly SourceAct[]> {
  const { recipe } = await lookUp(source, place);
  // A page can't choose the role that the variables of the process describe.
  const isChosen = source.kind !== 'oidc' || source.role !== null;
  return isChosen ? actsOfRecipe(recipe, stsEndpoint ?? 'sts.aliyuncs.com', place.environment) : [];
}

function actsOfRecipe(recipe: Recipe, sts: string, environment: Environment): readonly SourceAct[] {
  switch (recipe.kind) {
    case 'process': {
      const [program = ''] = recipe.command;
      return [{ kind: 'program', program, command: recipe.command.map(quoted).join(' ') }];
    }
    case 'uri':
      return [{ kind: 'address', address: sentForm(recipe.uri) }];
    case 'ecs': {
      const address = valueOf(environment, IMDS_ENDPOINT);
      return address === null ? [] : [{ kind: 'address', address: sentForm(address) }];
    }
    case 'cloudsso':
      return [{ kind: 'address', address: sentForm(recipe.signIn.signInUrl) }];
    case 'oidc':
      return [{ kind: 'token', file: recipe.role.tokenFile, server: recipe.role.stsEndpoint ?? sts }];
    case 'role':
      return actsOfRecipe(recipe.base, sts, environment);
    case 'key':
      return [];
    default:
      return recipe satisfies never;
  }
}

/** Arguments with blanks in quotes, so that it can be seen where each ends. */
function quoted(word: string): string {
  return /[\s"']/u.test(word) ? JSON.stringify(word) : word;
}

/** Host names in ASCII, so that no letters look like others. */
function sentForm(address: string): string {
  return URL.canParse(address) ? new URL(address).href : address;
}

function sameAct(one: SourceAct, other: SourceAct): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
