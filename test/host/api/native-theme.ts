import type Electron from 'electron';
import { hostEmitter } from '../host-emitter.ts';
import { pages } from '../live.ts';

type Source = Electron.NativeTheme['themeSource'];

class NativeTheme
  extends hostEmitter('nativeTheme', ['updated'])
  implements Pick<Electron.NativeTheme, 'themeSource' | 'shouldUseDarkColors' | 'shouldUseHighContrastColors'>
{
  /** The desktop is not asked. */
  readonly shouldUseHighContrastColors = false;
  #source: Source = 'system';

  get themeSource(): Source {
    return this.#source;
  }

  set themeSource(source: Source) {
    if (!['system', 'light', 'dark'].includes(source)) throw new TypeError(`Error processing argument: ${source}`);
    if (source === this.#source) return;
    this.#source = source;
    for (const page of pages.values()) page.applyTheme().catch(() => undefined);
    this.emit('updated');
  }

  /** `system` is light here; the page itself follows what Chromium finds. */
  get shouldUseDarkColors(): boolean {
    return this.#source === 'dark';
  }
}

export const nativeTheme = new NativeTheme();
