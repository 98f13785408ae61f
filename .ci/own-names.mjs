// An ESLint rule: a table is asked for a name that isn't written in the code through own() (main/own.ts), for every object
// also finds `constructor`, `valueOf` and `__proto__`.
import ts from 'typescript';

/** @type {import('eslint').Rule.RuleModule} */
export const ownNames = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      read: 'Every object also finds `constructor` and `__proto__`: use own() of main/own.ts.',
      in: 'Every object also finds `constructor` and `__proto__`: use Object.hasOwn().',
    },
  },
  create({ sourceCode: { parserServices: services }, report }) {
    /** @type {ts.TypeChecker} */
    const checker = services.program.getTypeChecker();
    /** @param {object} node */
    const isAnyName = (node) => {
      const type = checker.getTypeAtLocation(services.esTreeNodeToTSNodeMap.get(node));
      return (type.isUnion() ? type.types : [type]).some(({ flags }) => (flags & ts.TypeFlags.String) !== 0);
    };
    return {
      MemberExpression(node) {
        const { parent } = node;
        const isWritten = parent.type === 'AssignmentExpression' && parent.left === node && parent.operator === '=';
        if (node.computed && !isWritten && isAnyName(node.property)) report({ node, messageId: 'read' });
      },
      BinaryExpression(node) {
        if (node.operator === 'in' && isAnyName(node.left)) report({ node, messageId: 'in' });
      },
    };
  },
};
