import type { Identifier } from './identifier.ts';

/** Stands between a type and a time. No type of an event holds it, so no event can claim a former name. */
const mark = '~';

/** What an identifier is called for events up to the time at which it was released, ISO 8601: `crm_id~<time>:0031`. */
export const formerName = (id: Identifier, releasedAt: string): Identifier => {
  const colon = id.indexOf(':');
  return `${id.slice(0, colon)}${mark}${Date.parse(releasedAt)}:${id.slice(colon + 1)}`;
};

/** Whether this is what an identifier was called until it was released. */
export const isFormer = (id: Identifier): boolean => markOf(id) !== -1;

/** The identifier that was released, and when, ISO 8601; undefined for one that is not a former name. */
export function releasedIn(id: Identifier): { readonly identifier: Identifier; readonly at: string } | undefined {
  const from = markOf(id);
  if (from === -1) return undefined;
  const colon = id.indexOf(':');
  const at = new Date(Number(id.slice(from + 1, colon))).toISOString();
  return { identifier: `${id.slice(0, from)}:${id.slice(colon + 1)}`, at };
}

/** What an identifier was called at a time, by the times at which it was released, in order. */
export function nameAt(id: Identifier, at: string, released: readonly string[] = []): Identifier {
  const next = released.find((time) => Date.parse(at) <= Date.parse(time));
  return next === undefined ? id : formerName(id, next);
}

/** Where the type of a former name ends; -1 for other identifiers. */
function markOf(id: Identifier): number {
  const at = id.indexOf(mark);
  return at < id.indexOf(':') ? at : -1;
}
