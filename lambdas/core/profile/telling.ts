/**
 * The people of an account who are still to be woken, because something changed that their segments read of it: those
 * after a place in the order of its group ids and of their profiles' ids.
 */
export interface Telling {
  /** The version of the account that changed: another change begins again. */
  readonly of: number;
  readonly account: string;
  readonly after: string;
}
