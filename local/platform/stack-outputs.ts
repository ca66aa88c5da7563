import type { StackOutputs } from './deployment.ts';

/** The deployed stack lacks an output that the local platform needs. */
class MissingOutput extends Error {
  override readonly name = 'MissingOutput';
  readonly output: string;
  readonly present: readonly string[];

  constructor(output: string, present: readonly string[]) {
    super(`the stack has no output "${output}"; it has: ${present.join(', ') || 'none'}`);
    this.output = output;
    this.present = present;
  }
}

/** The value of an output. @throws MissingOutput */
export function required(stack: StackOutputs, output: string): string {
  const value = stack[output];
  if (value === undefined) throw new MissingOutput(output, Object.keys(stack));
  return value;
}
