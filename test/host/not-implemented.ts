// The stand-in never pretends: whatever it doesn't do throws, by name, at the first touch.

/** Names that JavaScript, module loaders, Node's inspector and Playwright look for on any object. */
const askedOfEverything = new Set(['then', 'toJSON', 'inspect', '__esModule', 'default', 'module.exports']);

function notImplemented(what: string): Error {
  return new Error(`${what} is not implemented by the stand-in`);
}

/** A copy of `base` for the end of a prototype chain: a property that nobody before it has ends here, and throws. */
export function refusing(name: string, base: object): object {
  const isKnown = (property: string | symbol): boolean =>
    typeof property === 'symbol' || property in base || askedOfEverything.has(property);
  return new Proxy(base, {
    get(target, property, receiver): unknown {
      if (!isKnown(property)) throw notImplemented(`${name}.${String(property)}`);
      return Reflect.get(target, property, receiver);
    },
    set(target, property, value, receiver): boolean {
      if (!isKnown(property)) throw notImplemented(`${name}.${String(property)}`);
      return Reflect.set(target, property, value, receiver);
    },
  });
}

/** Makes every property that `object` doesn't have throw. */
export function refuseOthers<T extends object>(name: string, object: T): T {
  return Object.setPrototypeOf(object, refusing(name, Object.getPrototypeOf(object) as object)) as T;
}

/** In the place of a whole class or module of Electron's. */
export function missing(name: string): object {
  // A function, not an arrow: only those can be called with `new`.
  function refuse(): never {
    throw notImplemented(name);
  }
  return new Proxy(refuse, {
    get: (_target, property) => {
      if (typeof property === 'symbol' || askedOfEverything.has(property)) return undefined;
      throw notImplemented(`${name}.${property}`);
    },
    set: refuse,
    construct: refuse,
  });
}
