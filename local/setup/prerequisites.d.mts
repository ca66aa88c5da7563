export interface Python {
  readonly command: string;
  readonly version: string;
}
export function nodeProblem(version: string): string | undefined;
export function pythonProblem(found: Python | undefined): string | undefined;
export function findPython(): Python | undefined;
