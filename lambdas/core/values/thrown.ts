import { got } from './got.ts';

/** The message of any thrown value; a value that is neither an error nor a text is described by its type. */
export function errorMessageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  return typeof thrown === 'string' ? thrown : got(thrown);
}

/** The name of any thrown value, which is safe to log because it contains no client data. */
export const errorNameOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.name : `thrown ${typeof thrown}`;

/** The name and the message of any thrown value, for operators. */
export const namedMessageOf = (thrown: unknown): string =>
  thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : errorMessageOf(thrown);
