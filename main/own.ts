/**
 * The value of a table under a name that comes from outside: undefined where the table itself doesn't have it. Every
 * object also finds `constructor`, `valueOf` and `__proto__`, which are in no table.
 */
export function own<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
