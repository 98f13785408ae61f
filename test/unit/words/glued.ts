import { parse } from 'svelte/compiler';

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

/** Separators of facts that stand side by side, which no language changes. */
const separators = [' · ', '\n'];

/**
 * Places of a source where a message is glued to other text: in a template literal, with `+`, with `join`, or side by
 * side in the markup. Word order and punctuation then are English in every language.
 */
export function gluedTexts(source: string, isMarkup: boolean): readonly string[] {
  if (!source.includes('text(')) return [];
  const code = isMarkup ? source : `<script lang="ts">${source}</script>`;
  const found: string[] = [];
  const visit = (node: Node): void => {
    if (isGlue(node)) found.push(code.slice(node.start, Number(node['end'])).split('\n')[0] ?? '');
    if (node.type === 'Fragment') found.push(...gluedSiblings(nodesIn(node['nodes']), code));
    for (const child of Object.values(node).flatMap(nodesIn)) visit(child);
  };
  const { fragment, instance, module } = parse(code, { modern: true });
  for (const root of [fragment, instance, module].flatMap(nodesIn)) visit(root);
  return found;
}

function isGlue(node: Node): boolean {
  switch (node.type) {
    case 'TemplateLiteral':
      return nodesIn(node['expressions']).some(isMessage);
    case 'BinaryExpression':
      return node['operator'] === '+' && [node['left'], node['right']].flatMap(nodesIn).some(isMessage);
    case 'CallExpression':
      return isJoin(node) && holdsMessage(node['callee']);
    default:
      return false;
  }
}

/** `….join(…)` with something else than a separator of facts. */
function isJoin(node: Node): boolean {
  const [callee] = nodesIn(node['callee']);
  const [separator] = nodesIn(node['arguments']);
  if (callee?.type !== 'MemberExpression' || nameOf(callee['property']) !== 'join') return false;
  return !separators.includes(String(separator?.['value']));
}

function gluedSiblings(nodes: readonly Node[], code: string): readonly string[] {
  return nodes.flatMap((node, at) => {
    if (node.type !== 'ExpressionTag' || !nodesIn(node['expression']).some(isMessage)) return [];
    const beside = [nodes[at - 1], nodes[at + 1]].filter((other) => other !== undefined);
    const isGlued = beside.some(
      ({ type, data }) => type === 'ExpressionTag' || (type === 'Text' && /\S/.test(String(data))),
    );
    const next = nodes[at + 1]?.type === 'Text' ? nodes[at + 2] : undefined;
    return isGlued || next?.type === 'ExpressionTag' ? [code.slice(node.start, Number(node['end']))] : [];
  });
}

/** `text('key')` or `messages.text('key')`, also where a condition chooses it. */
function isMessage(node: Node): boolean {
  if (node.type === 'ConditionalExpression') {
    return [node['consequent'], node['alternate']].flatMap(nodesIn).some(isMessage);
  }
  if (node.type !== 'CallExpression' || nodesIn(node['arguments']).length === 0) return false;
  const [callee] = nodesIn(node['callee']);
  return nameOf(callee?.type === 'MemberExpression' ? callee['property'] : callee) === 'text';
}

function holdsMessage(value: unknown): boolean {
  return nodesIn(value).some((node) => isMessage(node) || Object.values(node).some(holdsMessage));
}

function nameOf(value: unknown): unknown {
  return nodesIn(value)[0]?.['name'];
}

function nodesIn(value: unknown): readonly Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  return typeof value === 'object' && value !== null && 'type' in value ? [value as Node] : [];
}
