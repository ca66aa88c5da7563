import type { Comparison } from '../comparisons/comparison.ts';
import type { AbsenceRule, Count, CountRule, OccurrenceRule, Rule, SequenceRule } from '../language/rule.ts';
import { quoted, wordsOfComparison, wordsOfTraitComparison } from './comparison-words.ts';
import { wordsOfComputation, wordsOfEvents } from './event-words.ts';
import { withWindow } from './window-words.ts';

/** A rule in plain words, much as its builders say it. */
export function wordsOfRule(rule: Rule): string {
  if ('all' in rule) return `all of (${rule.all.map(wordsOfRule).join('; ')})`;
  if ('any' in rule) return `any of (${rule.any.map(wordsOfRule).join('; ')})`;
  if ('not' in rule) return `not (${wordsOfRule(rule.not)})`;
  if ('trait' in rule) return `trait ${quoted(rule.trait)} ${wordsOfTraitComparison(rule)}`;
  if ('event' in rule) return wordsOfEventRule(rule);
  if ('compute' in rule) return `${wordsOfComputation(rule.compute)} ${wordsOfComparison(rule as Comparison)}`;
  if ('account' in rule) return `an account of the person: ${wordsOfRule(rule.account)}`;
  return wordsOfPerson(rule);
}

type PersonRule = Extract<
  Rule,
  | { inSegment: unknown }
  | { inList: unknown }
  | { consent: unknown }
  | { identifier: unknown }
  | { knownFor: unknown }
  | { sample: unknown }
>;

function wordsOfPerson(rule: PersonRule): string {
  if ('inSegment' in rule) return `is in the segment ${quoted(rule.inSegment)}`;
  if ('inList' in rule) return `is on the list ${quoted(rule.inList)}`;
  if ('consent' in rule) return `consent to ${quoted(rule.consent)} is ${rule.is}`;
  if ('knownFor' in rule) return `has been known for ${rule.knownFor}`;
  if ('sample' in rule) return `is drawn among ${rule.percent} percent by ${quoted(rule.sample)}`;
  return `has ${rule.operator === 'exists' ? 'an' : 'no'} identifier of the type ${quoted(rule.identifier)}`;
}

function wordsOfEventRule(rule: CountRule | OccurrenceRule | SequenceRule | AbsenceRule): string {
  const events = wordsOfEvents(rule);
  if ('followedBy' in rule)
    return withWindow(`did ${events} and then ${wordsOfEvents(rule.followedBy)} within ${rule.apart}`, rule.window);
  if ('notFollowedBy' in rule)
    return `did ${events} and then not ${wordsOfEvents(rule.notFollowedBy)} within ${rule.apart}`;
  if ('occurrence' in rule) return withWindow(`did ${events} for the ${rule.occurrence} time`, rule.window);
  return withWindow(wordsOfCount(events, rule.count), rule.window);
}

function wordsOfCount(events: string, { operator, value }: Count = { operator: 'atLeast', value: 1 }): string {
  if (operator !== 'atLeast' && value === 0) return `did not do ${events}`;
  if (operator === 'atLeast' && value === 1) return `did ${events}`;
  const said = { atLeast: 'at least', atMost: 'at most', exactly: 'exactly' }[operator];
  return `did ${events} ${said} ${value} ${value === 1 ? 'time' : 'times'}`;
}
