// Values as text, with the rules of Electron's IPC: structuredClone() refuses functions and turns class instances into
// plain objects, devalue writes down what is left (dates, maps, typed arrays, cycles …).
import { parse, stringify } from 'devalue';

type ErrorParts = [name: string, message: string, stack: string | undefined, cause: unknown];

const errorClasses: Readonly<Record<string, ErrorConstructor>> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

const reducers = {
  Error: (value: unknown): ErrorParts | false =>
    value instanceof Error && [
      value.name in errorClasses ? value.name : 'Error',
      value.message,
      value.stack,
      value.cause,
    ],
};

const revivers = {
  Error: ([name, message, stack, cause]: ErrorParts): Error => {
    const ErrorClass = errorClasses[name] ?? Error;
    const error = new ErrorClass(message, cause === undefined ? undefined : { cause });
    Object.defineProperty(error, 'stack', { value: stack, configurable: true, writable: true });
    return error;
  },
};

/** @throws DataCloneError for what structured clone refuses */
export function encode(value: unknown): string {
  return stringify(structuredClone(value), reducers);
}

export function decode(text: string): unknown {
  return parse(text, revivers);
}
