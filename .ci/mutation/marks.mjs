// Which tests reach which fault: a copy of each source that notes the places it passes.
import ts from 'typescript';

/**
 * Marks the places of some positions. Passing mark `n` sets `globalThis.waybillMarks[n]`.
 * @param {string} text
 * @param {readonly number[]} positions starts of faults
 * @param {number} firstMark marks are numbered from here; the first one means that any function is entered (that the
 *   module is loaded, if it has none)
 * @returns {{ code: string, marks: ReadonlyMap<number, number>, nextMark: number }} the mark of each position
 */
export function markPlaces(text, positions, firstMark) {
  const source = ts.createSourceFile('file.ts', text, ts.ScriptTarget.ES2023, true);
  /** @type {{ at: number, text: string, order: number }[]} */
  const inserts = [];
  /** @type {Map<ts.Node, number>} */
  const marked = new Map();
  /** @type {Map<number, number>} */
  const marks = new Map();
  let nextMark = firstMark + 1;

  for (const position of positions) {
    const place = placeOf(nodeAt(source, position));
    if (place === null) {
      marks.set(position, firstMark);
      continue;
    }
    let mark = marked.get(place);
    if (mark === undefined) {
      mark = nextMark++;
      marked.set(place, mark);
      inserts.push(...insertsAround(place, mark));
    }
    marks.set(position, mark);
  }
  let hasFunctions = false;
  forEachFunction(source, (body) => {
    hasFunctions = true;
    inserts.push(...insertsInside(body, firstMark));
  });
  if (!hasFunctions) inserts.push({ at: 0, text: `globalThis.waybillMarks[${firstMark}] = 1; `, order: 0 });
  return { code: withInserts(text, inserts), marks, nextMark };
}

/**
 * The innermost node that starts here.
 * @param {ts.SourceFile} source
 * @param {number} position
 * @returns {ts.Node}
 */
function nodeAt(source, position) {
  /** @type {ts.Node} */
  let found = source;
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (node.getStart(source) > position || node.end <= position) return;
    found = node;
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
  return found;
}

/**
 * The statement or expression whose running means that the node is reached; null if loading the module reaches it.
 * @param {ts.Node} node
 * @returns {ts.Node | null}
 */
function placeOf(node) {
  for (let at = node; !ts.isSourceFile(at); at = at.parent) {
    if (isOwnExpression(at)) return at;
    if (ts.isStatement(at) && !ts.isBlock(at) && !isAtTop(at)) return at;
  }
  return null;
}

/** @param {ts.Node} node */
function isAtTop(node) {
  return ts.isSourceFile(node.parent);
}

/**
 * Expressions that run by themselves: bodies of arrows, branches, initial values of fields and parameters.
 * @param {ts.Node} node
 */
function isOwnExpression(node) {
  const { parent } = node;
  if (ts.isArrowFunction(parent)) return parent.body === node && !ts.isBlock(node);
  if (ts.isParameter(parent)) return parent.initializer === node;
  if (ts.isPropertyDeclaration(parent)) return parent.initializer === node && !isStatic(parent);
  if (ts.isConditionalExpression(parent)) return parent.condition !== node && isExpressionOf(parent, node);
  return false;
}

/** @param {ts.PropertyDeclaration} node */
function isStatic(node) {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false;
}

/**
 * @param {ts.ConditionalExpression} parent
 * @param {ts.Node} node
 */
function isExpressionOf(parent, node) {
  return parent.whenTrue === node || parent.whenFalse === node;
}

/**
 * @param {ts.Node} place
 * @param {number} mark
 */
function insertsAround(place, mark) {
  const pass = `globalThis.waybillMarks[${mark}] = 1`;
  const [start, end] = [place.getStart(), place.end];
  if (!ts.isStatement(place)) return around(start, end, `(${pass}, `, ')');
  const { parent } = place;
  const isListed = ts.isBlock(parent) || ts.isCaseOrDefaultClause(parent);
  return isListed ? [{ at: start, text: `${pass}; `, order: -end }] : around(start, end, `{ ${pass}; `, ' }');
}

/**
 * @param {ts.ConciseBody} body
 * @param {number} mark
 */
function insertsInside(body, mark) {
  const pass = `globalThis.waybillMarks[${mark}] = 1`;
  if (ts.isBlock(body)) return [{ at: body.getStart() + 1, text: ` ${pass};`, order: -body.end }];
  return around(body.getStart(), body.end, `(${pass}, `, ')');
}

/**
 * @param {number} start
 * @param {number} end
 * @param {string} before
 * @param {string} after
 */
function around(start, end, before, after) {
  // At one position, what ends there comes before what starts there, and the longer one starts first and ends last.
  return [
    { at: start, text: before, order: -end },
    { at: end, text: after, order: -start - Number.MAX_SAFE_INTEGER / 2 },
  ];
}

/**
 * @param {ts.Node} node
 * @param {(body: ts.ConciseBody) => void} onBody
 */
function forEachFunction(node, onBody) {
  if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
    onBody(/** @type {ts.ConciseBody} */ (node.body));
  }
  ts.forEachChild(node, (child) => forEachFunction(child, onBody));
}

/**
 * @param {string} text
 * @param {readonly { at: number, text: string, order: number }[]} inserts
 */
function withInserts(text, inserts) {
  let code = '';
  let last = 0;
  for (const insert of inserts.toSorted((a, b) => a.at - b.at || a.order - b.order)) {
    code += text.slice(last, insert.at) + insert.text;
    last = insert.at;
  }
  return code + text.slice(last);
}
