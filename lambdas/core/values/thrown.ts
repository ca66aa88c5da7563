import { got } from './got.ts';

/** The message of anything that was thrown; what is no error and no text is described by its kind. */
export function errorMessageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  return typeof thrown === 'string' ? thrown : got(thrown);
}

/** The name of anything that was thrown, which can be logged: it holds nothing that a client sent. */
export const errorNameOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.name : `thrown ${typeof thrown}`;
