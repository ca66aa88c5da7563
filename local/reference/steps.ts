import { Node, type ParameterDeclaration } from 'ts-morph';
import { docstringOf } from './docstring.ts';

/** A step of a builder, with what its docstring says. */
interface Step {
  readonly name: string;
  readonly parameters: readonly ParameterDeclaration[];
  readonly promise: string;
  readonly examples: readonly string[];
}

/** The steps within a declaration: functions of an object, or methods of an interface. */
export function stepsIn(declaration: Node): Step[] {
  const functions = declaration
    .getDescendants()
    .filter(Node.isPropertyAssignment)
    .flatMap((step) => {
      const made = step.getInitializer();
      return Node.isArrowFunction(made) ? [{ step, made }] : [];
    });
  const methods = Node.isInterfaceDeclaration(declaration)
    ? declaration.getMethods().map((step) => ({ step, made: step }))
    : [];
  return [...functions, ...methods].map(({ step, made }) => {
    const { promise, examples } = docstringOf(step);
    return { name: step.getName(), parameters: made.getParameters(), promise, examples };
  });
}
