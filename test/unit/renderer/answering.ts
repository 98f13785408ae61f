import type { ArgsOf, CallName, Results } from '../../../main/contract/contract.ts';
import { CallFailed, type call } from '../../../renderer/lib/bridge.ts';

type Answers = { readonly [C in CallName]?: (args: ArgsOf<C>) => Results[C] | Promise<Results[C]> };

/** Main, as far as a test needs it: whatever is not given an answer fails as our own mistake. */
export function answering(answers: Answers): typeof call {
  return async (name, args) => {
    const answer = answers[name];
    if (answer === undefined) throw new CallFailed({ kind: 'bug', logId: `no answer to ${name}` });
    return await answer(args);
  };
}
