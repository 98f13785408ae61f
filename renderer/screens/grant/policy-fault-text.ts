import type { PolicyFault } from '../../../main/contract/contract.ts';
import type { Messages } from '../../lib/messages.svelte.ts';

/** What is wrong with a policy, and where. */
export function policyFaultText(fault: PolicyFault, { text }: Pick<Messages, 'text'>): string {
  switch (fault.rule) {
    case 'policy-not-json':
      return text('grant.policy.fault.json', fault.at);
    case 'policy-shape':
      return fault.at === ''
        ? text('grant.policy.fault.shape')
        : text('grant.policy.fault.shape.at', { place: fault.at });
    case 'policy-too-long':
      return text('grant.policy.fault.too-long');
    default:
      return fault satisfies never;
  }
}
