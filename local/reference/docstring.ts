import { type Node, ts } from 'ts-morph';

/** A docstring's promise, default and examples. */
interface Docstring {
  readonly promise: string;
  readonly byDefault?: string;
  readonly examples: readonly string[];
}

/** The docstring of a declaration, or an empty one. */
export function docstringOf(node: Node | undefined): Docstring {
  const doc = node === undefined ? undefined : ts.getJSDocCommentsAndTags(node.compilerNode).filter(ts.isJSDoc).at(-1);
  const tags = (name: string): string[] =>
    (doc?.tags ?? []).filter(({ tagName }) => tagName.text === name).map(({ comment }) => textOf(comment));
  return { promise: textOf(doc?.comment), byDefault: tags('default')[0], examples: tags('example') };
}

const textOf = (comment: ts.JSDoc['comment']): string => ts.getTextOfJSDocComment(comment)?.trim() ?? '';
