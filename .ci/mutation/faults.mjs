// The faults that can be put into a source file: one small change each, found in its syntax tree.
import { join } from 'node:path';
import ts from 'typescript';

/**
 * One change of a file.
 * @typedef {{ file: string, start: number, end: number, text: string, line: number, name: string, change: string }} Fault
 */

const { SyntaxKind } = ts;

/** @type {ReadonlyMap<ts.SyntaxKind, readonly string[]>} */
const operators = new Map([
  [SyntaxKind.EqualsEqualsEqualsToken, ['!==']],
  [SyntaxKind.ExclamationEqualsEqualsToken, ['===']],
  [SyntaxKind.LessThanToken, ['<=', '>=']],
  [SyntaxKind.LessThanEqualsToken, ['<', '>']],
  [SyntaxKind.GreaterThanToken, ['>=', '<=']],
  [SyntaxKind.GreaterThanEqualsToken, ['>', '<']],
  [SyntaxKind.AmpersandAmpersandToken, ['||']],
  [SyntaxKind.BarBarToken, ['&&']],
  [SyntaxKind.PlusToken, ['-']],
  [SyntaxKind.MinusToken, ['+']],
  [SyntaxKind.AsteriskToken, ['/']],
  [SyntaxKind.SlashToken, ['*']],
  [SyntaxKind.PercentToken, ['*']],
  [SyntaxKind.PlusEqualsToken, ['-=']],
  [SyntaxKind.MinusEqualsToken, ['+=']],
]);

const { Literal, Undefined, Null } = ts.TypeFlags;
const fixedKinds = Literal | Undefined | Null;

/** Calls that are left out: `text.trim()` becomes `text`. */
const skippedCalls = new Set(
  'trim toLowerCase toUpperCase filter sort toSorted reverse slice map replaceAll replace catch finally'.split(' '),
);

/** @type {Readonly<Record<string, string>>} */
const otherCalls = {
  min: 'max',
  max: 'min',
  floor: 'ceil',
  ceil: 'floor',
  some: 'every',
  every: 'some',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
};

/**
 * Every fault of some files, in the order of their text.
 * @param {string} root
 * @param {readonly string[]} files paths below the root
 * @returns {Fault[]}
 */
export function faultsOf(root, files) {
  const configFile = join(root, 'tsconfig.json');
  const { config } = ts.readConfigFile(configFile, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root, {}, configFile);
  const program = ts.createProgram(
    files.map((file) => join(root, file)),
    options,
  );
  const checker = program.getTypeChecker();
  return files.flatMap((file) => {
    const source = program.getSourceFile(join(root, file));
    return source === undefined ? [] : faultsOfFile(file, source, checker);
  });
}

/**
 * @param {string} file
 * @param {ts.SourceFile} source
 * @param {ts.TypeChecker} checker
 * @returns {Fault[]}
 */
function faultsOfFile(file, source, checker) {
  /** @type {Fault[]} */
  const faults = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (isWithoutEffect(node) || (ts.isStringLiteralLike(node) && isChoice(node, checker))) return;
    for (const { at = node, now } of changesOf(node, source)) {
      const start = at.getStart(source);
      const line = source.getLineAndCharacterOfPosition(start).line + 1;
      const change = `${short(at.getText(source))} → ${short(now) || '(nothing)'}`;
      faults.push({ file, start, end: at.end, text: now, line, name: nameAround(node), change });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return faults;
}

/** @typedef {{ at?: ts.Node, now: string }} Change */

/**
 * @param {ts.Node} node
 * @param {ts.SourceFile} source
 * @returns {readonly Change[]}
 */
function changesOf(node, source) {
  /** @param {ts.Node} part */
  const textOf = (part) => part.getText(source);
  if (ts.isIfStatement(node)) return always(node.expression);
  if (ts.isConditionalExpression(node)) return always(node.condition);
  if (ts.isWhileStatement(node) && textOf(node.expression) !== 'true') return [{ at: node.expression, now: 'false' }];
  if (ts.isStatement(node)) return ofStatement(node);
  return isLiteral(node) ? ofLiteral(node, textOf) : ofOperation(node, textOf);
}

/**
 * @param {ts.Node} node
 * @param {(part: ts.Node) => string} textOf
 * @returns {readonly Change[]}
 */
function ofOperation(node, textOf) {
  if (ts.isBinaryExpression(node)) return ofBinary(node, textOf);
  if (ts.isPrefixUnaryExpression(node) && node.operator === SyntaxKind.ExclamationToken)
    return [{ now: textOf(node.operand) }];
  if (ts.isAwaitExpression(node)) return [{ now: textOf(node.expression) }];
  if (ts.isCallExpression(node)) return ofCall(node, textOf);
  if (ts.isPropertyAccessExpression(node) && node.questionDotToken !== undefined)
    return [{ now: `${textOf(node.expression)}.${textOf(node.name)}` }];
  return [];
}

/**
 * @param {ts.BinaryExpression} node
 * @param {(part: ts.Node) => string} textOf
 * @returns {readonly Change[]}
 */
function ofBinary({ left, operatorToken, right }, textOf) {
  if (operatorToken.kind === SyntaxKind.QuestionQuestionToken)
    return [{ at: operatorToken.parent, now: textOf(right) }];
  if (operatorToken.kind === SyntaxKind.PlusToken && (isText(left) || isText(right))) return [];
  return (operators.get(operatorToken.kind) ?? []).map((now) => ({ at: operatorToken, now }));
}

/**
 * @param {ts.CallExpression} node
 * @param {(part: ts.Node) => string} textOf
 * @returns {readonly Change[]}
 */
function ofCall({ expression }, textOf) {
  if (!ts.isPropertyAccessExpression(expression)) return [];
  const name = textOf(expression.name);
  if (skippedCalls.has(name)) return [{ at: expression.parent, now: textOf(expression.expression) }];
  const other = Object.hasOwn(otherCalls, name) ? otherCalls[name] : undefined;
  return other === undefined ? [] : [{ at: expression.name, now: other }];
}

/**
 * @param {ts.Statement} node
 * @returns {readonly Change[]}
 */
function ofStatement(node) {
  if (ts.isThrowStatement(node) || ts.isBreakStatement(node) || ts.isContinueStatement(node)) return [{ now: ';' }];
  if (ts.isExpressionStatement(node)) return isSuper(node) ? [] : [{ now: ';' }];
  if (!ts.isReturnStatement(node)) return [];
  if (node.expression === undefined) return [{ now: ';' }];
  // `return failure satisfies never` marks code that no value reaches.
  return isPlain(node.expression) || ts.isSatisfiesExpression(node.expression)
    ? []
    : [{ at: node.expression, now: 'null' }];
}

/**
 * @param {ts.Node} node
 * @param {(part: ts.Node) => string} textOf
 * @returns {readonly Change[]}
 */
function ofLiteral(node, textOf) {
  if (node.kind === SyntaxKind.TrueKeyword) return [{ now: 'false' }];
  if (node.kind === SyntaxKind.FalseKeyword) return [{ now: 'true' }];
  if (ts.isNumericLiteral(node)) return [{ now: String(Number(node.text) + 1) }];
  if (ts.isBigIntLiteral(node)) return [{ now: `(${textOf(node)} + 1n)` }];
  if (ts.isStringLiteralLike(node)) return [{ now: node.text === '' ? "'fault'" : "''" }];
  if (ts.isTemplateExpression(node)) return [{ now: "''" }];
  if (ts.isArrayLiteralExpression(node) && node.elements.length > 0) return [{ now: '[]' }];
  return ts.isRegularExpressionLiteral(node) ? ofPattern(node.text) : [];
}

/** @param {ts.Node} node */
function isLiteral({ kind }) {
  const { TrueKeyword, FalseKeyword, TemplateExpression, ArrayLiteralExpression } = SyntaxKind;
  const others = [TrueKeyword, FalseKeyword, TemplateExpression, ArrayLiteralExpression];
  return (kind >= SyntaxKind.FirstLiteralToken && kind <= SyntaxKind.LastLiteralToken) || others.includes(kind);
}

/**
 * A pattern without its anchors.
 * @param {string} text
 * @returns {readonly Change[]}
 */
function ofPattern(text) {
  const end = text.lastIndexOf('/');
  const [pattern, flags] = [text.slice(1, end), text.slice(end + 1)];
  const changes = [];
  if (pattern.startsWith('^')) changes.push({ now: `/${pattern.slice(1)}/${flags}` });
  if (pattern.endsWith('$') && !pattern.endsWith('\\$')) changes.push({ now: `/${pattern.slice(0, -1)}/${flags}` });
  return changes;
}

/**
 * A condition that is always met, and one that never is.
 * @param {ts.Expression} at
 * @returns {readonly Change[]}
 */
function always(at) {
  return [
    { at, now: 'true' },
    { at, now: 'false' },
  ];
}

/**
 * Types, imports, names of properties, and the words of error messages for the log.
 * @param {ts.Node} node
 */
function isWithoutEffect(node) {
  const { parent } = node;
  if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return true;
  if (ts.isSourceFile(node)) return false;
  if (ts.isPropertyAssignment(parent) && parent.name === node) return !ts.isComputedPropertyName(node);
  return isText(node) && isCallLike(parent) && /Error$|^malformedReply$/.test(parent.expression.getText());
}

/** @param {ts.Node} node */
function isText(node) {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
}

/** @param {ts.Node} node @returns {node is ts.CallExpression | ts.NewExpression} */
function isCallLike(node) {
  return ts.isCallExpression(node) || ts.isNewExpression(node);
}

/**
 * Whether a text is one of a fixed set, so that the compiler refuses another one.
 * @param {ts.StringLiteralLike} node
 * @param {ts.TypeChecker} checker
 */
function isChoice(node, checker) {
  const { parent } = node;
  // The elements of a list `as const` are a type of their own.
  if (ts.isArrayLiteralExpression(parent) && ts.isAsExpression(parent.parent)) return true;
  let type = checker.getContextualType(node);
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind !== SyntaxKind.EqualsToken)
    type = checker.getTypeAtLocation(parent.left === node ? parent.right : parent.left);
  else if (ts.isCaseClause(parent)) type = checker.getTypeAtLocation(parent.parent.parent.expression);
  if (type === undefined) return false;
  const choices = type.isUnion() ? type.types : [type];
  return choices.every(({ flags }) => (flags & fixedKinds) !== 0);
}

/** @param {ts.ExpressionStatement} node */
function isSuper({ expression }) {
  return ts.isCallExpression(expression) && expression.expression.kind === SyntaxKind.SuperKeyword;
}

/** @param {ts.Expression} node */
function isPlain(node) {
  const kinds = [SyntaxKind.NullKeyword, SyntaxKind.TrueKeyword, SyntaxKind.FalseKeyword];
  return kinds.includes(node.kind) || node.getText() === 'undefined';
}

/**
 * The function, method or constant that a node is in.
 * @param {ts.Node} node
 */
function nameAround(node) {
  const names = [];
  for (let at = node; !ts.isSourceFile(at); at = at.parent) {
    const isTop = ts.isVariableDeclaration(at) && ts.isSourceFile(at.parent.parent.parent);
    if (isTop || ts.isFunctionDeclaration(at) || ts.isClassDeclaration(at) || ts.isClassElement(at))
      names.unshift(ts.getNameOfDeclaration(/** @type {ts.Declaration} */ (at))?.getText() ?? 'constructor');
  }
  return names.join('.');
}

/** @param {string} text */
function short(text) {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 70 ? `${line.slice(0, 68)} …` : line;
}
