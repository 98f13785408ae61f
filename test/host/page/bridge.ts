// Passes values between the page's world and the preload's world of one document.
//
// The two worlds share nothing but the DOM. A CustomEvent's `detail` is structured-cloned from one to the other by
// Chromium, and dispatching is synchronous, so a call through here is as synchronous as Electron's contextBridge.
// Functions and promises can't be cloned: they are replaced by numbers and called, or settled, from afar.

/** A value without its functions and promises, and where they were. */
interface Packed {
  readonly value: unknown;
  readonly refs: readonly Ref[];
}

interface Ref {
  readonly path: readonly (string | number)[];
  readonly kind: 'function' | 'promise';
  readonly id: number;
}

type Message =
  | { readonly op: 'expose'; readonly name: string; readonly api: Packed }
  | { readonly op: 'call'; readonly id: number; readonly args: Packed }
  | { readonly op: 'return'; readonly ok: boolean; readonly result: Packed }
  | { readonly op: 'settle'; readonly id: number; readonly ok: boolean; readonly result: Packed }
  | { readonly op: 'free'; readonly id: number };

type AnyFunction = (...args: unknown[]) => unknown;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

export interface Bridge {
  /** Gives the other world `api` under `name`. */
  expose(name: string, api: unknown): void;
}

interface BridgeOptions {
  readonly nonce: string;
  readonly own: 'page' | 'preload';
  readonly other: 'page' | 'preload';
  readonly onExpose?: (name: string, api: unknown) => void;
}

export function makeBridge({ nonce, own, other, onExpose }: BridgeOptions): Bridge {
  // Kept from before the page's scripts, which may replace what hangs on window.
  const listen = EventTarget.prototype.addEventListener.bind(window);
  const dispatch = EventTarget.prototype.dispatchEvent.bind(window);
  const { CustomEvent, Error, Promise } = globalThis;

  const functions = new Map<number, AnyFunction>();
  const functionIds = new WeakMap<AnyFunction, number>();
  const promises = new Map<number, Waiting>();
  const collected = new FinalizationRegistry<number>((id) => send({ op: 'free', id }));
  let lastId = 0;
  let returned: Extract<Message, { op: 'return' }> | null = null;

  function send(message: Message): void {
    dispatch(new CustomEvent(nonce + other, { detail: message }));
  }

  function idOf(fn: AnyFunction): number {
    const known = functionIds.get(fn);
    if (known !== undefined) return known;
    const id = ++lastId;
    functionIds.set(fn, id);
    functions.set(id, fn);
    return id;
  }

  function pledge(promise: Promise<unknown>): number {
    const id = ++lastId;
    promise.then(
      (value) => send({ op: 'settle', id, ok: true, result: pack(value) }),
      (error: unknown) => send({ op: 'settle', id, ok: false, result: pack(error) }),
    );
    return id;
  }

  function pack(value: unknown): Packed {
    const refs: Ref[] = [];
    const seen = new Map<object, unknown>();
    const copy = (item: unknown, path: readonly (string | number)[]): unknown => {
      if (typeof item === 'function') {
        refs.push({ path, kind: 'function', id: idOf(item as AnyFunction) });
        return null;
      }
      if (item instanceof Promise) {
        refs.push({ path, kind: 'promise', id: pledge(item) });
        return null;
      }
      if (!isPlain(item)) return item;
      const known = seen.get(item);
      if (known !== undefined) return known;
      const out: Record<string | number, unknown> | unknown[] = Array.isArray(item) ? new Array(item.length) : {};
      seen.set(item, out);
      for (const [key, part] of Object.entries(item)) {
        (out as Record<string, unknown>)[key] = copy(part, [...path, key]);
      }
      return out;
    };
    return { value: copy(value, []), refs };
  }

  function unpack({ value, refs }: Packed): unknown {
    for (const { path, kind, id } of refs) {
      const item = kind === 'function' ? callable(id) : awaitable(id);
      const last = path.at(-1);
      if (last === undefined) return item;
      let holder = value as Record<string | number, unknown>;
      for (const key of path.slice(0, -1)) holder = holder[key] as Record<string | number, unknown>;
      holder[last] = item;
    }
    return value;
  }

  function callable(id: number): AnyFunction {
    const fn: AnyFunction = (...args) => {
      returned = null;
      send({ op: 'call', id, args: pack(args) });
      const answer = takeReturned();
      // Chromium makes `detail` null when something in it can't be cloned, so the call never arrived. Electron's words.
      if (answer === null) throw new Error('An object could not be cloned.');
      const result = unpack(answer.result);
      if (answer.ok) return result;
      throw result;
    };
    collected.register(fn, id);
    return fn;
  }

  /** Through a function, because the listener below sets `returned` while send() runs, which TypeScript can't see. */
  function takeReturned(): typeof returned {
    const answer = returned;
    returned = null;
    return answer;
  }

  function awaitable(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => promises.set(id, { resolve, reject }));
  }

  function answerCall(id: number, args: Packed): Message {
    try {
      const fn = functions.get(id);
      if (fn === undefined) throw new Error('The function is gone');
      return { op: 'return', ok: true, result: pack(fn(...(unpack(args) as unknown[]))) };
    } catch (error) {
      return { op: 'return', ok: false, result: pack(error) };
    }
  }

  function receive(message: Message): void {
    switch (message.op) {
      case 'expose':
        onExpose?.(message.name, unpack(message.api));
        break;
      case 'call':
        send(answerCall(message.id, message.args));
        break;
      case 'return':
        returned = message;
        break;
      case 'settle': {
        const waiting = promises.get(message.id);
        promises.delete(message.id);
        if (message.ok) waiting?.resolve(unpack(message.result));
        else waiting?.reject(unpack(message.result));
        break;
      }
      case 'free':
        functions.delete(message.id);
        break;
    }
  }

  listen(nonce + own, (event) => {
    const message = (event as CustomEvent<Message | null>).detail;
    if (message !== null) receive(message);
  });
  return { expose: (name, api) => send({ op: 'expose', name, api: pack(api) }) };
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

export function deepFreeze(value: unknown): unknown {
  if (isPlain(value)) {
    for (const part of Object.values(value)) deepFreeze(part);
    Object.freeze(value);
  }
  return value;
}
