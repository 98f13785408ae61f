import { EventEmitter } from 'node:events';
import { refusing } from './not-implemented.ts';

type Listener = Parameters<EventEmitter['on']>[1];

/** A base class for what is an EventEmitter in Electron. Other events, methods and statics than those here throw. */
export function hostEmitter(name: string, events: readonly string[]) {
  class HostEmitter extends EventEmitter {
    constructor() {
      super();
      this.setMaxListeners(0);
    }

    override on(event: string | symbol, listener: Listener): this {
      if (typeof event === 'string' && event !== 'newListener' && !events.includes(event)) {
        throw new Error(`${name} event '${event}' is not implemented by the stand-in`);
      }
      return super.on(event, listener);
    }

    override addListener(event: string | symbol, listener: Listener): this {
      return this.on(event, listener);
    }
  }
  Object.setPrototypeOf(HostEmitter.prototype, refusing(name, EventEmitter.prototype));
  Object.setPrototypeOf(HostEmitter, refusing(name, EventEmitter));
  return HostEmitter;
}

/** The first argument of an event whose default action can be stopped. */
export class PreventableEvent {
  defaultPrevented = false;

  preventDefault(): void {
    this.defaultPrevented = true;
  }
}
