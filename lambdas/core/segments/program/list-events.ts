import type { EventMatch } from '../language/event-match.ts';

/** Events by which people are put on a list that was uploaded, and taken off it. */
export const listEvents = (key: string): { readonly added: EventMatch; readonly removed: EventMatch } => {
  const where = [{ property: 'list', operator: 'equals', value: key } as const];
  return { added: { event: 'List Member Added', where }, removed: { event: 'List Member Removed', where } };
};
