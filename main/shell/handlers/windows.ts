import type { Handlers } from '../ipc.ts';
import type { Windows } from '../windows/windows.ts';

type WindowCalls = Extract<keyof Handlers, `windows.${string}`>;

/** Answers the calls about windows. */
export function windowHandlers(windows: Windows): Pick<Handlers, WindowCalls> {
  return {
    'windows.open': async ({ place }, window) => {
      await windows.open(place ?? windows.placeOf(window));
      return null;
    },
    'windows.visit': ({ place }, window) => {
      windows.setPlace(window, place);
      return null;
    },
  };
}
