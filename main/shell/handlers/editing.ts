import type { BrowserWindow } from 'electron';
import { WaybillError } from '../../failure.ts';
import type { OpenAnswer } from '../../editing/opened-file.ts';
import type { OpenRequest, ShowFile } from '../../editing/open-request.ts';
import type { Core } from '../core.ts';
import type { Handlers } from '../ipc.ts';
import { pickProgram, showInProgram, showInUsualProgram } from '../open-in-program.ts';
import type { Consent } from '../security/consent.ts';
import type { Translate } from '../../words/translator.ts';

type EditingCalls = Extract<keyof Handlers, `editing.${string}`>;

/** Answers the calls about files that other programs show or edit. What isn't saved is discarded only after a question. */
export function editingHandlers(
  { opened, edited }: Pick<Core, 'opened' | 'edited'>,
  consent: Consent,
  text: Translate,
): Pick<Handlers, EditingCalls> {
  const confirmDiscard = async (id: string): Promise<void> => {
    const name = await edited.unsavedName(id);
    if (name === null) return;
    await consent.require({
      message: text('editing.discard', { name }),
      detail: text('editing.discard.detail'),
      proceed: text('common.discard.do'),
    });
  };
  /** Asks for a program. @throws WaybillError `cancelled` */
  const choose = async (window: BrowserWindow): Promise<ShowFile> => {
    const chosen = await pickProgram(window, text('opening.pick-program'));
    if (chosen === null) throw new WaybillError({ kind: 'cancelled' });
    return (path) => showInProgram(chosen, path);
  };
  return {
    'editing.list': () => [...opened.list(), ...edited.list()],
    'editing.open': async ({ use, program, ...given }, window) => {
      const open = (request: OpenRequest, show: ShowFile): Promise<OpenAnswer> =>
        use === 'edit' ? edited.edit(request, show) : opened.open(request, show);
      if (program === 'usual') return open({ ...given, isProgramChosen: false }, showInUsualProgram);
      return open({ ...given, isProgramChosen: true }, await choose(window));
    },
    'editing.show': async ({ id }, window) => {
      await edited.show(id, showInUsualProgram, async (path) => (await choose(window))(path));
      return null;
    },
    'editing.save': async ({ id }) => {
      await edited.save(id);
      return null;
    },
    'editing.resolve': async ({ id, choice }) => {
      if (choice === 'theirs') await confirmDiscard(id);
      await edited.resolve(id, choice);
      return null;
    },
    'editing.finish': async ({ id }) => {
      await confirmDiscard(id);
      opened.stop(id);
      await edited.finish(id);
      return null;
    },
  };
}
