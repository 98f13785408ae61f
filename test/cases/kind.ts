/** How the cases of one kind are checked. */
export interface Kind {
  /** What Waybill's own functions make of the input. */
  readonly run: (input: unknown) => unknown;
  /** The fields of `expected` that count; all of them where this isn't given. */
  readonly fields?: readonly string[];
  /** Compares one expected value, without anyOf, in a way of its own. */
  readonly matches?: (actual: unknown, expected: unknown, input: unknown) => boolean;
}
