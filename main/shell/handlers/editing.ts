import { WaybillError } from '../../failure.ts';
import type { Core } from '../core.ts';
import type { Handlers } from '../ipc.ts';
import { pickProgram, showInProgram, showInUsualProgram } from '../open-in-program.ts';
import type { Translate } from '../../words/translator.ts';

type EditingCalls = Extract<keyof Handlers, `editing.${string}`>;

/** Answers the calls about files that other programs show. */
export function editingHandlers({ opened }: Pick<Core, 'opened'>, text: Translate): Pick<Handlers, EditingCalls> {
  return {
    'editing.list': () => opened.list(),
    'editing.open': async ({ program, ...request }, window) => {
      if (program === 'usual') return opened.open({ ...request, isProgramChosen: false }, showInUsualProgram);
      const chosen = await pickProgram(window, text('opening.pick-program'));
      if (chosen === null) throw new WaybillError({ kind: 'cancelled' });
      return opened.open({ ...request, isProgramChosen: true }, (path) => showInProgram(chosen, path));
    },
    'editing.stop': ({ id }) => {
      opened.stop(id);
      return null;
    },
  };
}
