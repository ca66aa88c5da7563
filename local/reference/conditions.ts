import { Node, type SourceFile } from 'ts-morph';
import { docstringOf } from './docstring.ts';
import { code, fenced, table } from './markdown.ts';

/** Writes the section about the functions that build conditions. */
export function conditionsText(file: SourceFile): string[] {
  const builders = file
    .getVariableStatements()
    .filter((statement) => statement.isExported() && docstringOf(statement).examples.length > 0);
  return ['## Conditions', '', ...builders.flatMap(builderText)];
}

function builderText(statement: Node): string[] {
  if (!Node.isVariableStatement(statement)) return [];
  const { promise, examples } = docstringOf(statement);
  const [builder] = statement.getDeclarations();
  const fields = builder?.getInitializer()?.getDescendants().filter(Node.isPropertyAssignment) ?? [];
  const operators = fields.filter((field) => Node.isArrowFunction(field.getInitializer()));
  const rows = operators.map((field) => [
    code(`${field.getName()}(${parametersOf(field.getInitializer())})`),
    docstringOf(field).promise,
  ]);
  return [
    `### ${code(builder?.getName() ?? '')}`,
    '',
    promise,
    '',
    ...examples.flatMap(fenced),
    ...table(['operator', 'true when'], rows),
  ];
}

const parametersOf = (node: Node | undefined): string =>
  Node.isArrowFunction(node)
    ? node
        .getParameters()
        .map((parameter) => parameter.getText())
        .join(', ')
    : '';
