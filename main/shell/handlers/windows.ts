import type { Handlers } from '../ipc.ts';
import type { Windows } from '../windows/windows.ts';

type WindowCalls = Extract<keyof Handlers, `windows.${string}`>;

/** The windows, as their pages may use them. */
export function windowHandlers(windows: Windows): Pick<Handlers, WindowCalls> {
  return {
    'windows.open': async ({ place }, window) => {
      await windows.open(place ?? windows.placeOf(window));
      return null;
    },
    'windows.visit': ({ place }, window) => {
      windows.moved(window, place);
      return null;
    },
  };
}
