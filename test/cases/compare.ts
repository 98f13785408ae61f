import { isDeepStrictEqual } from 'node:util';
import type { Kind } from './kind.ts';

/** Whether the result is the expected one, by the rules of its kind. */
export function isExpected(kind: Kind, actual: unknown, expected: unknown, input: unknown): boolean {
  const alternatives = alternativesOf(expected);
  if (alternatives !== null) return alternatives.some((one) => isExpected(kind, actual, one, input));
  if (kind.matches !== undefined) return kind.matches(actual, expected, input);
  if (!isRecord(expected)) return equals(actual, expected);
  const compared = Object.entries(expected).filter(([name]) => kind.fields?.includes(name) ?? true);
  return isRecord(actual) && compared.every(([name, value]) => equals(actual[name], value));
}

/** Deep equality in which an expected `{ "anyOf": […] }`, at any depth, stands for any of its values. */
function equals(actual: unknown, expected: unknown): boolean {
  const alternatives = alternativesOf(expected);
  if (alternatives !== null) return alternatives.some((one) => equals(actual, one));
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((value, index) => equals(actual[index], value))
    );
  }
  if (!isRecord(expected)) return isDeepStrictEqual(actual, expected);
  if (!isRecord(actual)) return false;
  const names = new Set([...Object.keys(actual), ...Object.keys(expected)]);
  return [...names].every((name) => equals(actual[name], expected[name]));
}

function alternativesOf(expected: unknown): readonly unknown[] | null {
  if (!isRecord(expected) || Object.keys(expected).length !== 1) return null;
  const { anyOf } = expected as { anyOf?: unknown };
  return Array.isArray(anyOf) ? anyOf : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
