import { got } from '../../../../core/values/got.ts';

/** Something wrong in the configuration of a tool: where, and what it must be. */
export interface Flaw {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A flaw of a value, which the message describes and never quotes. */
export const wrong = (path: Flaw['path'], wanted: string, value: unknown): Flaw => ({
  path,
  message: `must be ${wanted}; ${typeof value === 'number' || typeof value === 'boolean' ? `got ${value}` : got(value)}`,
});

/** A flaw that lists what there is instead. */
export const noneOfThese = (path: Flaw['path'], what: string, known: readonly string[]): Flaw => ({
  path,
  message: `${what}; known: ${known.join(', ') || 'none'}`,
});
