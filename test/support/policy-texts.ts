import fc from 'fast-check';

/** JSON as people and tools write it: with blanks anywhere, escapes, and numbers that JavaScript would round. */
const blanks = fc.constantFrom('', ' ', '\n\t', '\r\n  ');
const texts = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('Statement', ']', '{"', '\\"', ','));
const scalars = fc.oneof(
  texts.map((text) => JSON.stringify(text)),
  fc.constantFrom('12345678901234567890', '1e400', '-0.0', 'true', 'null', '"\\u0053tatement"'),
);
const { value: json } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalars,
    fc.tuple(blanks, fc.array(tie('value'), { maxLength: 3 })).map(([b, list]) => `[${b}${list.join(`${b},`)}${b}]`),
    members(tie('value')),
  ),
}));
function members(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const member = fc.tuple(texts, blanks, value).map(([name, b, one]) => `${JSON.stringify(name)}${b}:${b}${one}`);
  return fc.array(member, { maxLength: 3 }).map((list) => `{${list.join(', ')}}`);
}

/** Texts of statements that others wrote, whatever they say. */
export const statementTexts = fc.array(members(json), { minLength: 1, maxLength: 4 });

/** The text of a policy that others wrote, and the texts of its statements. */
export const policyTexts = statementTexts.chain((list) => policyTextsOf(list));

/** Texts of policies with these statements. */
export function policyTextsOf(
  list: readonly string[],
): fc.Arbitrary<{ readonly list: readonly string[]; readonly text: string }> {
  return fc.tuple(blanks, fc.boolean(), json).map(([b, isFirst, other]) => {
    const statement = `"Statement"${b}:${b}[${b}${list.join(`${b},${b}`)}${b}]`;
    const rest = `"Version":"1",${b}"Other":${other}`;
    return { list, text: `${b}{${b}${isFirst ? `${statement},${rest}` : `${rest},${statement}`}${b}}` };
  });
}
