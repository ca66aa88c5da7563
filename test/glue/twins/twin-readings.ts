import fc from 'fast-check';
import type { Comparison } from '../../../lambdas/core/segments/comparisons/comparison.ts';
import { fulfils } from '../../../lambdas/core/segments/comparisons/fulfils.ts';
import { amountOf } from '../../../lambdas/core/segments/comparisons/reading.ts';
import { beginningOfUnit, isZone } from '../../../lambdas/core/segments/comparisons/zone.ts';
import { fingerprint } from '../../../lambdas/core/values/fingerprint.ts';
import { numberText, readJson } from '../../../lambdas/core/values/json.ts';
import { readTime } from '../../../lambdas/core/values/time-forms.ts';

const zones = ['UTC', 'Europe/Berlin', 'America/Sao_Paulo', 'America/Havana', 'Asia/Kathmandu', 'Australia/Lord_Howe'];
const manyZones = [...Intl.supportedValuesOf('timeZone'), 'UTC', 'US/Eastern', 'EST5EDT', 'Etc/GMT+5', 'GMT'];

const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'01234569'), minLength: length, maxLength: length });
const joined = (...parts: readonly fc.Arbitrary<string>[]) => fc.tuple(...parts).map((all) => all.join(''));
const one = (...texts: readonly string[]) => fc.constantFrom(...texts);
const two = fc.oneof(digits(2), one('01', '02', '12', '28', '29', '30', '31', '59', '60', '23', '24', '00', '5'));
const year = fc.oneof(one('2026', '2024', '1999', '0001', '0000', '9999'), digits(4));
const clock = fc.oneof(
  joined(two, one(':'), two),
  joined(two, one(':'), two, one(':'), two),
  joined(two, one(':'), two, one(':'), two, one('.', ','), fc.oneof(digits(1), digits(3), digits(6), digits(9))),
  one('24:00', '24:00:00', '24:00:00.000', '24:00:01', '23:59:60', '00:00'),
);
const offset = fc.oneof(
  one('', 'Z', 'z', ' Z', 'UTC', ' GMT', 'EST', 'PDT', 'UTC+2', ' +05:30', ' (CET)', ' [Europe/Berlin]', 'X'),
  joined(one('+', '-', ' +'), two, one('', ':'), fc.oneof(two, one(''))),
);
const date = fc.oneof(
  joined(year, one('-'), two, one('-'), two),
  joined(year, one('/', '.', '-'), two, one('/', '.', '-'), two),
  joined(one('28', '9', '31'), one(' ', '-'), one('Feb', 'march', 'SEP', 'Foo'), one(' ', '-'), year),
  joined(one('Sat, ', 'Saturday ', ''), one('Feb', 'March', 'sept'), one(' ', '  '), two, one(', ', ' '), year),
);
const wordy = joined(
  one('', '', ' ', '\u00a0', '\ufeff'),
  date,
  one('T', ' ', ' T ', 't', '\u3000'),
  clock,
  offset,
  one('', ' '),
);
const compact = joined(
  year,
  two,
  two,
  one('', 'T'),
  fc.oneof(one(''), joined(two, two), joined(two, two, two)),
  offset,
);
const time = fc.oneof(
  wordy,
  wordy,
  date,
  compact,
  fc.integer({ min: 1, max: 19 }).chain((length) => digits(length)),
  joined(digits(10), one('.'), digits(3)),
  fc.double({ noNaN: true }).map(String),
);

const value = fc.oneof(
  one('"red"', '"2"', '" 2 "', '2', '2.5', '2.50', '"+5"', '"5."', '".5"', 'true', '"TRUE "', 'null', '""', '" "'),
  one('["red","blue"]', '[[2],"x",null]', '[]', '{}', '9007199254740993', '1e21', '"1e21"', '1e400', '-0', '0.1'),
  one('"0x10"', '"Infinity"', '"1,5"', '"2026-03-28"', '"2026-03-29T00:30:00+01:00"', '1774742400', '"١"', '"1_0"'),
  time.map((text) => JSON.stringify(text)),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => JSON.stringify(` ${each}`)),
);
const scalar = fc.constantFrom<string | number | boolean>(
  ...['red', '2', 'é', 2, 2.5, -0, 0.1, 1e21, 5e-7],
  true,
  false,
);
const number = fc.constantFrom(0, 2, 2.5, 0.1, 1e21, 9007199254740992);
const comparison = fc.oneof(
  fc.record({ operator: one('equals', 'notEquals', 'contains'), value: scalar }),
  fc.record({ operator: one('greaterThan', 'atLeast', 'lessThan', 'atMost'), value: number }),
  fc.record({ operator: fc.constant('between'), from: number, to: number }),
  fc.record({ operator: one('anyOf', 'noneOf'), value: fc.array(scalar, { minLength: 1, maxLength: 3 }) }),
  fc.record({ operator: one('startsWith', 'endsWith'), value: one('r', 'd', '2', '😀') }),
  fc.record({ operator: one('exists', 'missing') }),
  fc.record({ operator: one('before', 'after'), value: one('2026-03-28', '2026-03-29T00:30:00Z') }),
) as fc.Arbitrary<Comparison>;

const read = (text: string): unknown => (readJson(`[${text}]`) as unknown[])[0];
const made =
  <Input>(some: fc.Arbitrary<Input>, of: (input: Input) => unknown) =>
  (numRuns: number, seed: number): unknown[] =>
    fc.sample(some, { numRuns, seed }).map((input) => [input, of(input) ?? null]);

/** Times in many forms, in milliseconds. */
export const times = made(time, readTime);
/** Whether a comparison is true of a value, which is told as JSON, in a zone. */
export const comparisons = made(fc.tuple(comparison, value, one(...zones)), ([said, text, zone]) =>
  fulfils(said, read(text), zone),
);
/** Numbers in whole millionths, as texts. */
export const amounts = made(value, (text) => amountOf(read(text))?.toString());
/** Doubles as texts. */
export const numbers = made(fc.double({ noNaN: true, noDefaultInfinity: true }), (each) => numberText(each));
/** When units of the calendar begin, of years whose rules are the same in old and new data of zones. */
export const days = made(
  fc.tuple(
    fc.integer({ min: Date.UTC(1980, 0), max: Date.UTC(2022, 0) }),
    one(...manyZones),
    fc.constantFrom('day' as const, 'week' as const, 'month' as const),
    fc.integer({ min: -3, max: 40 }),
  ),
  ([at, zone, unit, later]) => beginningOfUnit(at, zone, unit, later),
);
/** Names that are zones, and others. */
export const zoneNames = made(
  fc.oneof(one(...manyZones), one('europe/berlin', '+02:00', 'Mars/Base', 'Factory', 'localtime', 'utc', 'A B')),
  isZone,
);
/** Fingerprints of texts. */
export const fingerprints = made(
  fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { minLength: 1, maxLength: 3 }),
  (texts) => fingerprint(...texts),
);
