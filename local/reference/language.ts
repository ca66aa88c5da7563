import { Node, type ParameterDeclaration, type SourceFile, type VariableStatement } from 'ts-morph';
import { docstringOf } from './docstring.ts';
import { code, fenced, table } from './markdown.ts';
import { stepsIn } from './steps.ts';

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

/** Writes a table of the steps within a declaration. */
export const stepsText = (declaration: Node): string[] =>
  table(
    ['step', 'what it says', 'example'],
    stepsIn(declaration).map(({ name, parameters, promise, examples }) => [
      code(`${name}(${listed(parameters)})`),
      promise,
      examples.map(code).join('; '),
    ]),
  );

const listed = (parameters: readonly ParameterDeclaration[]): string =>
  parameters.map((parameter) => parameter.getText()).join(', ');
