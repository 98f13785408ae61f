/** A name and a value, as typed. */
export interface NameValue {
  readonly name: string;
  readonly value: string;
}
