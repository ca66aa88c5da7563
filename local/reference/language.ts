import { Node, type ParameterDeclaration, type SourceFile, type VariableStatement } from 'ts-morph';
import { docstringOf } from './docstring.ts';
import { code, fenced, table } from './markdown.ts';

/** Writes the section about the builders that a file exports: each with its promise, example and steps of its own. */
export const buildersText = (file: SourceFile): string[] =>
  file
    .getVariableStatements()
    .filter((statement) => statement.isExported())
    .flatMap(builderText);

function builderText(statement: VariableStatement): string[] {
  const [builder] = statement.getDeclarations();
  const { promise, examples } = docstringOf(statement);
  const parameters = builder?.getType().getCallSignatures()[0]?.getParameters() ?? [];
  const declared = parameters.map((parameter) => parameter.getDeclarations()[0]).filter(Node.isParameterDeclaration);
  return [
    `### ${code(`${builder?.getName()}(${listed(declared)})`)}`,
    '',
    promise,
    '',
    ...examples.flatMap(fenced),
    ...stepsText(statement),
  ];
}

/** Writes a table of the steps within a declaration: functions of an object, or methods of an interface. */
export function stepsText(declaration: Node): string[] {
  const fields = declaration
    .getDescendants()
    .filter(Node.isPropertyAssignment)
    .map((step) => ({ step, made: step.getInitializer() }));
  const functions = fields.flatMap(({ step, made }) => (Node.isArrowFunction(made) ? [{ step, made }] : []));
  const methods = Node.isInterfaceDeclaration(declaration)
    ? declaration.getMethods().map((step) => ({ step, made: step }))
    : [];
  return table(
    ['step', 'what it says'],
    [...functions, ...methods].map(({ step, made }) => [
      code(`${step.getName()}(${listed(made.getParameters())})`),
      docstringOf(step).promise,
    ]),
  );
}

const listed = (parameters: readonly ParameterDeclaration[]): string =>
  parameters.map((parameter) => parameter.getText()).join(', ');
