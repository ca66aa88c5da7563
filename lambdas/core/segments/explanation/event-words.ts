import type { Computation } from '../language/computation.ts';
import type { Call, EventMatch, Filter } from '../language/event-match.ts';
import { quoted, wordsOfComparison } from './comparison-words.ts';
import { withWindow } from './window-words.ts';

/** Which events: `"Order Completed" whose revenue is at least 50`. */
export function wordsOfEvents({ event, where = [] }: EventMatch): string {
  const name = typeof event === 'string' ? quoted(event) : wordsOfCall(event);
  return where.length === 0 ? name : `${name} whose ${where.map(wordsOfFilter).join(' and ')}`;
}

const wordsOfCall = ({ type, name }: Call): string => (name === undefined ? type : `${type} ${quoted(name)}`);

const wordsOfFilter = (filter: Filter): string =>
  `${'property' in filter ? filter.property : `context ${filter.context}`} ${wordsOfComparison(filter)}`;

const kinds: ReadonlyMap<Computation['kind'], string> = new Map([
  ['count', 'the count'],
  ['firstTime', 'the first time'],
  ['lastTime', 'the last time'],
  ['sum', 'the sum'],
  ['average', 'the average'],
  ['minimum', 'the minimum'],
  ['maximum', 'the maximum'],
  ['first', 'the first'],
  ['last', 'the last'],
  ['distinct', 'the number of values'],
  ['list', 'the list'],
  ['mostFrequent', 'the most frequent'],
]);

/** What is computed: `the sum of revenue of "Order Completed" within 90d`. */
export function wordsOfComputation(computation: Computation): string {
  const { kind, property, window } = computation;
  const of = property === undefined ? [] : [`of ${property}`];
  return withWindow([kinds.get(kind) ?? kind, ...of, `of ${wordsOfEvents(computation)}`].join(' '), window);
}
