import { parseConfig } from '../../../lambdas/core/config/config.ts';
import { did } from '../../../lambdas/core/segments/language/events.ts';
import { all, not } from '../../../lambdas/core/segments/language/people.ts';
import type { Happened } from './happenings.ts';

const segments = [
  { key: 'twice', name: 'Viewed twice', where: did('Viewed').atLeast(2) },
  { key: 'buyers', name: 'Bought', where: did('Bought') },
  { key: 'hesitant', name: 'Put something in and bought nothing', where: all(did('Added'), not(did('Bought'))) },
];

const sources = [{ id: 'shop', kind: 'server', writeKey: 'a-write-key' }];

/** A deployment whose people are barred, with segments that no time changes; nobody is told of them. */
export const barredConfig = parseConfig({ sources, segments });

/** The same with a tool that is told. */
export const barredAndTold = parseConfig({
  ...{ sources, segments },
  destinations: [{ id: 'tool', kind: 'webhook', segments: segments.map(({ key }) => key) }],
});

/** The segments of somebody to whom this was said, from the list of it alone. */
export function segmentsBy(said: readonly Happened[]): string[] {
  const times = (name: string): number => said.filter(({ event }) => event === name).length;
  const isIn = {
    twice: times('Viewed') >= 2,
    buyers: times('Bought') > 0,
    hesitant: times('Added') > 0 && times('Bought') === 0,
  };
  return Object.entries(isIn).flatMap(([key, is]) => (is ? [key] : []));
}
