import { pathText } from '../values/field-name.ts';
/** Why one event of a request was not accepted; safe to send back, for it quotes nothing of the event but the field's name. */
export interface Rejection {
  readonly kind: 'invalid' | 'too_large';
  /** Position of the event in its batch; 0 for a single call. */
  readonly index: number;
  /** Path of the field at fault, e.g. `context.device`; empty when it is the event as a whole. */
  readonly field: string;
  readonly reason: string;
}

/** What was accepted otherwise than it was sent; safe to send back. */
export interface Warning {
  /** Position of the event in its batch; absent when it is the batch's own. */
  readonly index?: number;
  readonly field: string;
  readonly reason: string;
}

/** `['properties', 'items', 0]` → `properties.items[0]`, shortened, for hostile names can be long. */
export const fieldPath = (path: readonly PropertyKey[]): string => pathText(path).slice(0, 200).toWellFormed();

/** Writes a rejection as a sentence. */
export const describeRejection = ({ index, field, reason }: Rejection): string =>
  `event ${index}: ${field === '' ? 'it' : field} ${reason}`;
