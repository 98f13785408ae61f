/** A name and a value, as they are typed. */
export interface NameValue {
  readonly name: string;
  readonly value: string;
}
