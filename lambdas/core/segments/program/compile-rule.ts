import type { Comparison } from '../comparisons/comparison.ts';
import type { AbsenceRule, CountRule, OccurrenceRule, Rule, SequenceRule } from '../language/rule.ts';
import { millisecondsIn } from '../language/window.ts';
import { pairsWithin, shapeOfCount } from './choose-aggregate.ts';
import { compileTrait } from './compile-trait.ts';
import { aggregateOf, askedOf, type Compiler, computingOf, flaw, reading, selectionOf, spanOf } from './compiler.ts';
import { listEvents } from './list-events.ts';
import { type Node, nothing } from './node.ts';

type Path = readonly (string | number)[];

/** A rule with the aggregates that it reads; what is wrong with it is noted. */
export function compileRule(compiler: Compiler, rule: Rule, path: Path): Node {
  if ('all' in rule)
    return { kind: 'all', parts: rule.all.map((part, n) => compileRule(compiler, part, [...path, 'all', n])) };
  if ('any' in rule)
    return { kind: 'any', parts: rule.any.map((part, n) => compileRule(compiler, part, [...path, 'any', n])) };
  if ('not' in rule) return { kind: 'not', part: compileRule(compiler, rule.not, [...path, 'not']) };
  if ('trait' in rule) return compileTrait(compiler, rule, path);
  if ('event' in rule) return ofEvents(compiler, rule, path);
  if ('compute' in rule) {
    const { compute, ...comparison } = rule;
    const computing = computingOf(compiler, compute, [...path, 'compute']);
    return computing === undefined ? nothing : { kind: 'computed', computing, comparison: comparison as Comparison };
  }
  return ofPerson(compiler, rule, path);
}

/** A rule of consent alone, which no event and no time makes another. */
export function compileConsent(compiler: Compiler, rule: Rule, path: Path): Node {
  const node = compileRule(compiler, rule, path);
  if (!isConsent(node)) flaw(compiler, path, 'must hold conditions of consent alone');
  return node;
}

function isConsent(node: Node): boolean {
  if (node.kind === 'all' || node.kind === 'any') return node.parts.every(isConsent);
  return node.kind === 'not' ? isConsent(node.part) : node.kind === 'consent';
}

type PersonRule = Exclude<
  Rule,
  | { all: unknown }
  | { any: unknown }
  | { not: unknown }
  | { trait: unknown }
  | { event: unknown }
  | { compute: unknown }
>;

function ofPerson(compiler: Compiler, rule: PersonRule, path: Path): Node {
  const { reads } = compiler;
  if ('inSegment' in rule) return ofSegment(compiler, rule.inSegment, [...path, 'inSegment']);
  if ('inList' in rule) return ofList(compiler, rule.inList);
  if ('account' in rule) return ofAccount(compiler, rule.account, [...path, 'account']);
  if ('consent' in rule) {
    if (compiler.of === 'accounts') flaw(compiler, path, 'must not ask accounts for consent: only people give it');
    reads.add(reading.consent);
    return { kind: 'consent', category: rule.consent, is: rule.is };
  }
  if ('knownFor' in rule) {
    reads.add(reading.since);
    return { kind: 'knownFor', duration: millisecondsIn(rule.knownFor) };
  }
  if ('sample' in rule) {
    reads.add(reading.profileId);
    return { kind: 'sample', salt: rule.sample, percent: rule.percent };
  }
  reads.add(reading.identifiers);
  return { kind: 'identifier', type: rule.identifier, exists: rule.operator === 'exists' };
}

function ofEvents(compiler: Compiler, rule: CountRule | OccurrenceRule | SequenceRule | AbsenceRule, path: Path): Node {
  if ('followedBy' in rule) return ofSequence(compiler, rule, path);
  if ('notFollowedBy' in rule) return absence(compiler, rule);
  const span = spanOf(compiler, rule.window);
  if ('occurrence' in rule) {
    const kind = rule.occurrence === 'first' ? 'earliest' : 'latest';
    const aggregate = aggregateOf(compiler, { shape: { kind, keep: 1 }, first: selectionOf(rule, { kind: 'ever' }) });
    return { kind: 'count', aggregate, span, count: { operator: 'atLeast', value: 1 } };
  }
  const count = rule.count ?? { operator: 'atLeast', value: 1 };
  const shape = shapeOfCount(count, span);
  if (typeof shape !== 'string')
    return {
      kind: 'count',
      aggregate: aggregateOf(compiler, { shape, first: selectionOf(rule, span) }),
      span: askedOf(span),
      count,
    };
  flaw(compiler, [...path, 'count', 'value'], shape);
  return nothing;
}

function ofSequence(compiler: Compiler, rule: SequenceRule, path: Path): Node {
  const span = spanOf(compiler, rule.window);
  if (span.kind === 'ages' && span.from > 0)
    flaw(compiler, [...path, 'window'], 'must end now: only the last time is known');
  const first = selectionOf(rule, span);
  const second = selectionOf(rule.followedBy, span);
  const aggregate = aggregateOf(compiler, { shape: pairsWithin(millisecondsIn(rule.apart)), first, second });
  return { kind: 'sequence', aggregate, span: askedOf(span) };
}

const lastOf = (compiler: Compiler, match: Parameters<typeof selectionOf>[0]): string =>
  aggregateOf(compiler, { shape: { kind: 'latest', keep: 1 }, first: selectionOf(match, { kind: 'ever' }) });

const absence = (compiler: Compiler, rule: AbsenceRule): Node => ({
  kind: 'absence',
  first: lastOf(compiler, rule),
  second: lastOf(compiler, rule.notFollowedBy),
  apart: millisecondsIn(rule.apart),
});

/** A person is of a list since they were put on it, until they are taken off. */
const ofList = (compiler: Compiler, key: string): Node => {
  const { added, removed } = listEvents(key);
  return { kind: 'absence', first: lastOf(compiler, added), second: lastOf(compiler, removed), apart: 0 };
};

function ofSegment(compiler: Compiler, key: string, path: Path): Node {
  const { of, others, reads } = compiler;
  if (of !== 'account' && others.segments.has(key)) {
    const told =
      of === 'users'
        ? 'must be a segment of people; account(inSegment(…)) asks for one of accounts'
        : 'must be a segment of accounts';
    flaw(compiler, path, `${told}; got "${key}"`);
    return nothing;
  }
  if (of === 'account' && !others.segments.has(key)) {
    const known = [...others.segments].join(', ') || 'none';
    flaw(compiler, path, `must be a segment of accounts; known: ${known}; got "${key}"`);
    return nothing;
  }
  reads.add(reading.segment(key));
  return of === 'account' ? { kind: 'member', key } : { kind: 'segment', key };
}

/** What is asked of each account of a person. */
function ofAccount(compiler: Compiler, rule: Rule, path: Path): Node {
  if (compiler.of !== 'users') {
    flaw(compiler, path, 'must not ask an account for its accounts: only people have some');
    return nothing;
  }
  const own: Compiler = { ...compiler, of: 'account', reads: new Set(), traits: new Map(), aggregates: new Map() };
  const part = compileRule(own, rule, path);
  const isKnown = (read: string): boolean => [reading.trait(''), reading.segment('')].some((of) => read.startsWith(of));
  if (![...own.reads].every(isKnown))
    flaw(compiler, path, "must be about traits and segments only: nothing else is known of a person's accounts");
  for (const read of [reading.accounts, ...[...own.reads].map(reading.ofAccount)]) compiler.reads.add(read);
  return { kind: 'account', part };
}
