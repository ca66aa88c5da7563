import {
  type ClassDeclaration,
  type InterfaceDeclaration,
  Node,
  type PropertyDeclaration,
  type PropertySignature,
  type SourceFile,
} from 'ts-morph';
import { docstringOf } from './docstring.ts';
import { code, fenced, table } from './markdown.ts';

type Field = PropertySignature | PropertyDeclaration;

/** Writes the section about one construct or one interface of props. */
export function constructText(file: SourceFile, name: string): string {
  const shape = file.getInterface(name) ?? file.getClass(name);
  if (shape === undefined) throw new Error(`${file.getBaseName()} has no construct and no interface ${name}`);
  const { promise, examples } = docstringOf(shape);
  return [
    `## ${code(name)}`,
    '',
    promise,
    '',
    ...examples.flatMap(fenced),
    ...inheritedBy(shape),
    ...fieldsOf(shape),
  ].join('\n');
}

const fieldsOf = (shape: InterfaceDeclaration | ClassDeclaration): string[] =>
  Node.isClassDeclaration(shape)
    ? table(
        ['it has', 'what it is', 'type'],
        shape.getProperties().map((field) => [code(field.getName()), promiseOf(field), typeOf(field)]),
      )
    : table(
        ['prop', 'what it does', 'type', 'default'],
        shape
          .getProperties()
          .map((field) => [code(field.getName()), promiseOf(field), typeOf(field), defaultOf(field)]),
      );

function inheritedBy(shape: InterfaceDeclaration | ClassDeclaration): string[] {
  const bases = Node.isInterfaceDeclaration(shape) ? shape.getExtends().map((base) => code(base.getText())) : [];
  return bases.length === 0 ? [] : [`Has all props of ${bases.join(' and ')}, and:`, ''];
}

const promiseOf = (field: Field): string => docstringOf(field).promise;

const typeOf = (field: Field): string =>
  code((field.getTypeNode()?.getText() ?? 'unknown').replaceAll('readonly ', ''));

/** A default as code, or as words after a dash. Required props have no default. */
function defaultOf(field: Field): string {
  const { byDefault } = docstringOf(field);
  if (Node.isPropertySignature(field) && !field.hasQuestionToken()) return '**required**';
  if (byDefault === undefined) throw new Error(`${field.getName()} may be left out, and its docstring has no @default`);
  return byDefault.startsWith('- ') ? byDefault.slice(2) : code(byDefault);
}
