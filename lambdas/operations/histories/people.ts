import type { Identifier } from '../../core/identifiers/identifier.ts';
import type { Collection } from '../../core/profile/profile.ts';
import type { Aggregate, Aggregates } from '../../core/segments/aggregates/aggregate.ts';
import { type Bringing, HistoryLine, takeHistory } from '../../core/segments/history/history.ts';
import { readJson } from '../../core/values/json.ts';

/** Somebody whom the lake knows, and what new aggregates keep of their events. */
export interface LakePerson {
  readonly profileId: string;
  readonly collection: Collection;
  readonly identifiers: readonly Identifier[];
  readonly history: Aggregates;
}

/** The people of some lines; the lines of one person follow one another. What is brought depends on the collection. */
export async function* peopleIn(
  lines: AsyncIterable<string>,
  bringing: Readonly<Record<Collection, Bringing>>,
): AsyncGenerator<LakePerson> {
  let person: Gathering | undefined;
  for await (const text of lines) {
    const { events, ...whose } = HistoryLine.parse(readJson(text));
    if (person !== undefined && !isSame(person, whose)) {
      yield person;
      person = undefined;
    }
    const same: Gathering = person ?? { ...whose, history: new Map() };
    takeHistory(same.history, events, bringing[whose.collection]);
    person = same;
  }
  if (person !== undefined) yield person;
}

type Gathering = LakePerson & { readonly history: Map<string, Aggregate> };
type Whose = Pick<LakePerson, 'profileId' | 'collection'>;

const isSame = (a: Whose, b: Whose): boolean => a.profileId === b.profileId && a.collection === b.collection;
