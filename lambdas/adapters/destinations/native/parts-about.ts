import type { Item } from '../../../core/destinations/destination.ts';
import { fieldsOf } from '../../../core/values/json.ts';
import { ownValue } from '../../../core/values/own-value.ts';

/** What happened, in which segment and to whom: names and ids only. */
export function partsAbout({ call, about }: Item): string[] {
  const event = ownValue(fieldsOf(call), 'event');
  const what = typeof event === 'string' ? event : call.type;
  return [what, about ?? '', call.userId ?? call.anonymousId ?? ''].filter((part) => part !== '');
}
