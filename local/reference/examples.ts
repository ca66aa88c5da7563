import { Node, type SourceFile } from 'ts-morph';
import { docstringOf } from './docstring.ts';

/** An example of a docstring and the name of its declaration. */
export interface Example {
  readonly of: string;
  readonly code: string;
}

/** All examples in the docstrings of a file. */
export const examplesIn = (file: SourceFile): Example[] =>
  file
    .getStatements()
    .flatMap((statement) => docstringOf(statement).examples.map((code) => ({ of: nameOf(statement), code })));

function nameOf(statement: Node): string {
  if (Node.isVariableStatement(statement)) return statement.getDeclarations()[0]?.getName() ?? '';
  return Node.hasName(statement) ? statement.getName() : '';
}
