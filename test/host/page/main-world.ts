// Runs in the page's own world before any script of the page. All it leaves behind is what the preload exposes.
import { deepFreeze, makeBridge } from './bridge.ts';

/** Written in by the host. */
declare const NONCE: string;

makeBridge({
  nonce: NONCE,
  own: 'page',
  other: 'preload',
  onExpose: (name, api) => {
    Object.defineProperty(window, name, {
      value: deepFreeze(api),
      enumerable: true,
      configurable: false,
      writable: false,
    });
  },
});
