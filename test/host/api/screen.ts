import type Electron from 'electron';
import { hostEmitter } from '../host-emitter.ts';

type Display = Pick<
  Electron.Display,
  'id' | 'bounds' | 'workArea' | 'size' | 'workAreaSize' | 'scaleFactor' | 'rotation'
>;

const width = 1440;
const height = 900;

/** One display of a fixed size; the real ones are not asked for. */
const display: Display = {
  id: 1,
  bounds: { x: 0, y: 0, width, height },
  workArea: { x: 0, y: 0, width, height },
  size: { width, height },
  workAreaSize: { width, height },
  scaleFactor: 1,
  rotation: 0,
};

class Screen extends hostEmitter('screen', ['display-added', 'display-removed', 'display-metrics-changed']) {
  getPrimaryDisplay(): Display {
    return display;
  }

  getAllDisplays(): Display[] {
    return [display];
  }

  getDisplayMatching(): Display {
    return display;
  }

  getDisplayNearestPoint(): Display {
    return display;
  }
}

export const screen = new Screen();
