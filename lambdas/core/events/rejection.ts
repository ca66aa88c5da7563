import { pathText } from '../values/field-name.ts';
/** Why one event of a request was rejected. It quotes only the field's name, so it is safe to send back. */
export interface Rejection {
  readonly kind: 'invalid' | 'too_large';
  /** Position of the event in its batch; 0 for a single call. */
  readonly index: number;
  /** Path of the field at fault, e.g. `context.device`; empty for the event as a whole. */
  readonly field: string;
  readonly reason: string;
}

/** A field that was accepted in a changed form; safe to send back. */
export interface Warning {
  /** Position of the event in its batch; absent for a field of the batch. */
  readonly index?: number;
  readonly field: string;
  readonly reason: string;
}

/** `['properties', 'items', 0]` becomes `properties.items[0]`, shortened because hostile names can be long. */
export const fieldPath = (path: readonly PropertyKey[]): string => pathText(path).slice(0, 200).toWellFormed();

/** Writes a rejection as a sentence. */
export const describeRejection = ({ index, field, reason }: Rejection): string =>
  `event ${index}: ${field === '' ? 'it' : field} ${reason}`;
