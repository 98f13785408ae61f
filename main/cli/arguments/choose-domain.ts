import { onlySafeDomain } from '../../accounts/bucket-ways.ts';
import { WaybillError } from '../../failure.ts';
import type { Endpoint } from '../../oss/endpoint.ts';
import type { CustomDomain } from '../../oss/operations/custom-domains.ts';
import { escapeControls } from '../../words/controls.ts';
import { text as sentence } from '../terminal/sentences.ts';
import { isAnsweredYes } from '../terminal/yes-question.ts';
import type { CommandContext } from './command.ts';

type Terminal = Pick<CommandContext, 'out' | 'signal'>;

/**
 * Chooses the custom domain of a bucket whose data calls OSS refuses on its own host: the only one if it is safe to use,
 * else the one that the person at the terminal chooses. Null if the bucket has none.
 * @throws WaybillError `input` domain-choice or domain-http where that needs --domain
 */
export async function chooseDomain(
  bucket: string,
  domains: readonly CustomDomain[],
  server: Endpoint,
  terminal: Terminal,
): Promise<CustomDomain | null> {
  if (domains.length === 0) return null;
  const chosen = onlySafeDomain(domains, server) ?? (await choose(domains, terminal));
  terminal.out.say(sentence('cli.domain.used', { bucket, domain: urlOf(chosen) }));
  return chosen;
}

async function choose(domains: readonly CustomDomain[], terminal: Terminal): Promise<CustomDomain> {
  const [only] = domains;
  const chosen = domains.length === 1 && only !== undefined ? only : await pick(domains, terminal);
  if (!chosen.isSecure) await confirmHttp(chosen, terminal);
  return chosen;
}

async function pick(domains: readonly CustomDomain[], { out, signal }: Terminal): Promise<CustomDomain> {
  const list = domains.map((domain, index) => `${index + 1}  ${urlOf(domain)}`).join('\n');
  const line = await out.ask?.(`${list}\n${sentence('cli.domain.pick')} `, signal);
  const chosen = domains[Number(line?.trim()) - 1];
  if (chosen !== undefined) return chosen;
  throw unanswered('domain-choice', domains.map(urlOf).join(', '));
}

async function confirmHttp(domain: CustomDomain, terminal: Terminal): Promise<void> {
  if (await isAnsweredYes(sentence('cli.domain.http', { domain: urlOf(domain) }), terminal)) return;
  throw unanswered('domain-http', urlOf(domain));
}

function unanswered(rule: string, limit: string): WaybillError {
  return new WaybillError({ kind: 'input', field: 'domain', rule, limit });
}

function urlOf({ name, isSecure }: CustomDomain): string {
  return escapeControls(`${isSecure ? 'https' : 'http'}://${name}`);
}
