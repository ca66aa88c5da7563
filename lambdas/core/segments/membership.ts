import type { Mergeable, Profile } from '../profile/profile.ts';
import { holds, outlook } from './evaluation/evaluate.ts';
import { registryFor } from './history/registry.ts';
import { type DatedDefinitions, silentOf } from './history/standing.ts';
import { knownOf } from './known-profile.ts';
import { type Program, programOf, segmentsReading } from './program/compile.ts';
import { reading } from './program/compiler.ts';
import { toldTraits, traitsDueAt } from './told-traits.ts';
import { changedBetween } from './what-changed.ts';

/** What is decided with, and about which time in milliseconds. */
interface Occasion {
  readonly program: Program;
  readonly definitions: DatedDefinitions;
  readonly at: number;
}

/** What is decided about statements. */
interface Decision extends Pick<Mergeable, 'segments' | 'aggregates'> {
  /** When a segment may flip without an event. */
  readonly dueAt: number | undefined;
}

/**
 * A profile with its current segments; new ones start at `now`, an instant of ISO 8601. `before` is the same profile
 * as the table has it: then only what reads something that changed is decided again, or all if something was due or
 * other definitions decided before. No decision is about a time before the last one, and no new member starts before
 * it. Segments that read an aggregate without its history stay as they are until the history comes.
 */
export function inSegments(profile: Profile, definitions: DatedDefinitions, now: string, before?: Profile): Profile {
  const program = programOf(definitions, profile.collection);
  const { decided, own } = profile;
  const { keys, timed } = toldTraits(definitions, profile.collection);
  if (profile.suppressed || program.segments.size + keys.length === 0) return undecided(profile);
  if (profile.accounts.size > 0 && definitions.accountOf === undefined && program.readers.has(reading.accounts))
    throw new Error('the accounts of a person must be read before its segments are decided');
  const at = Math.max(Date.parse(now), decided?.at ?? 0);
  const occasion = { program, definitions, at };
  const last = before !== undefined && isCurrent(before, occasion) ? before : undefined;
  const decision = decide(profile, last, occasion);
  return {
    ...profile,
    ...decision,
    dueAt: sooner(decision.dueAt, traitsDueAt(profile, definitions, at)),
    own: own && { ...own, ...ownDecision({ ...profile, ...own }, last?.own && { ...last, ...last.own }, occasion) },
    decided: { by: program.id, at: program.timed.size + timed.length > 0 ? at : 0 },
  };
}

/** A profile that is in no segment and waits for no time. */
const undecided = ({ own, ...profile }: Profile): Profile => ({
  ...profile,
  decided: undefined,
  dueAt: undefined,
  segments: nobody,
  own: own && { ...own, segments: nobody },
});

/** Whether these definitions decided a profile's segments, at whatever time. */
export function isDecidedBy(profile: Profile, definitions: DatedDefinitions): boolean {
  const { collection, segments, decided } = profile;
  if (profile.suppressed) return segments.size === 0;
  const program = programOf(definitions, collection);
  const isAsked = program.segments.size + toldTraits(definitions, collection).keys.length > 0;
  if (!isAsked) return segments.size === 0;
  return decided?.by === program.id;
}

const nobody: Profile['segments'] = new Map();

/** Dates due are kept as whole seconds, rounded up. */
const second = 1000;

/**
 * Whether the last decision holds until the profile probably comes again, as long after this time as this is after the
 * last. If it is due before, all is decided now: this write is made anyway, and may save the write of a wake.
 */
const isCurrent = ({ decided, dueAt = Number.POSITIVE_INFINITY }: Profile, { program, at }: Occasion): boolean =>
  decided?.by === program.id && at < dueAt - second && at - decided.at <= dueAt - at;

function decide(
  profile: Profile,
  before: Profile | undefined,
  { program, definitions, at }: Occasion,
  ask: typeof outlook = outlook,
): Decision {
  const moved: string[] = [];
  let known: ReturnType<typeof knownOf> | undefined;
  let dueAt = before?.dueAt;
  for (const key of openSegments(profile, before, program, definitions)) {
    known ??= knownOf(profile, definitions.accountOf);
    const { isIn, flipsAt } = ask(program, key, known, at);
    if (isIn !== profile.segments.has(key)) moved.push(key);
    dueAt = sooner(dueAt, flipsAt);
  }
  const stays = moved.length === 0 && profile.segments === before?.segments;
  return {
    segments: stays ? profile.segments : membersAfter(profile, new Set(moved), program, at),
    aggregates: before ? profile.aggregates : withoutUnread(profile, program, definitions),
    dueAt,
  };
}

/** Segments of a profile after some of them were entered or left. */
function membersAfter(
  { segments }: Profile,
  moved: ReadonlySet<string>,
  program: Program,
  at: number,
): Profile['segments'] {
  const now = new Date(at).toISOString();
  const keys = [...program.segments.keys()].filter((key) => segments.has(key) !== moved.has(key));
  return new Map(keys.map((key) => [key, segments.get(key) ?? now]));
}

/** What is decided now: what reads something that changed and was decided before, but nothing that lacks a history. */
function openSegments(
  profile: Profile,
  before: Profile | undefined,
  program: Program,
  definitions: DatedDefinitions,
): Iterable<string> {
  const { collection } = profile;
  const silent = silentOf(definitions, collection, profile).segments;
  const open = before ? segmentsReading(program, changedBetween(program, before, profile)) : program.segments.keys();
  const isSame = before === undefined || before.histories === profile.histories;
  const wasSilent = isSame ? silent : silentOf(definitions, collection, before).segments;
  if (silent.size + wasSilent.size === 0) return open;
  return [...new Set([...open, ...wasSilent])].filter((key) => !silent.has(key));
}

/** What only the profile itself was told never flips by itself: it is decided again after an unmerge. */
function ownDecision(profile: Profile, before: Profile | undefined, occasion: Occasion): Omit<Decision, 'dueAt'> {
  const { segments, aggregates } = decide(profile, before, occasion, (...asked) => ({
    isIn: holds(...asked),
    flipsAt: undefined,
  }));
  return { segments, aggregates };
}

/**
 * Without aggregates that no definition reads any more. While a deployment is under way, functions have definitions
 * from before and after it: what it counts stays until it says that it does so no more.
 */
function withoutUnread(
  { aggregates, collection }: Profile,
  program: Program,
  { registry }: DatedDefinitions,
): Mergeable['aggregates'] {
  const counted = registry && registryFor(registry, collection).aggregates;
  const isRead = (id: string): boolean => program.aggregates.has(id) || counted?.has(id) === true;
  return [...aggregates.keys()].every(isRead) ? aggregates : new Map([...aggregates].filter(([id]) => isRead(id)));
}

const sooner = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
