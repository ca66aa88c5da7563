/** A CloudFormation template as far as rules look into it. */
export interface Template {
  readonly Resources: Record<string, Resource>;
  readonly Outputs?: Record<string, { readonly Value: unknown }>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
}

/** Resources of one type, by logical id. */
export const ofType = (template: Template, type: string): [string, Resource][] =>
  Object.entries(template.Resources).filter(([, { Type }]) => Type === `AWS::${type}`);

/** What lies at a path like `Properties.Tags.0.Key`, or undefined. */
export const at = (tree: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined | null)?.[key], tree);

/** A value that may stand alone or in a list, as policies have it. */
export const listOf = (value: unknown): unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** Logical id that `Ref` or `Fn::GetAtt` points at, or undefined. */
export function target(reference: unknown): string | undefined {
  const id = at(reference, 'Ref') ?? at(reference, 'Fn::GetAtt.0');
  return typeof id === 'string' ? id : undefined;
}

/** Every logical id that is referred to anywhere inside a value. */
export function targets(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const here = target(value);
  return [...(here === undefined ? [] : [here]), ...Object.values(value).flatMap(targets)];
}

/** What a value must look like: the same, or accepted by a function; objects and lists may have more than is named. */
export type Pattern =
  | string
  | number
  | boolean
  | undefined
  | ((value: unknown) => boolean)
  | { readonly [key: string]: Pattern }
  | readonly Pattern[];

/** Whether a value looks like a pattern. */
export function matches(value: unknown, pattern: Pattern): boolean {
  if (typeof pattern === 'function') return pattern(value);
  if (typeof pattern !== 'object') return value === pattern;
  return Object.entries(pattern).every(([key, part]) => matches(at(value, key), part));
}

/** Sets what a patch names, deeply; a list replaces, `undefined` removes. */
export function merge(tree: object, patch: object): void {
  for (const [key, part] of Object.entries(patch)) {
    const branch: unknown = Reflect.get(tree, key);
    if (part === undefined) Reflect.deleteProperty(tree, key);
    else if (typeof part === 'object' && !Array.isArray(part) && typeof branch === 'object' && branch !== null)
      merge(branch, part);
    else Reflect.set(tree, key, part);
  }
}
