import * as z from 'zod';
import { Callback, statuses } from './callback.ts';
import { Receipt } from './receipt.ts';

/**
 * What a person may ask for here: to be forgotten, to be left alone from now on, that this ends, what is stored, as a
 * page to read or as a file that machines read, that their data is not sold or not used for a purpose, or that it is
 * corrected.
 */
export const requestTypes = [
  'erasure',
  'suppress',
  'unsuppress',
  'access',
  'portability',
  'opt_out',
  'rectify',
] as const;
export type RequestType = (typeof requestTypes)[number];

/** Laws under which somebody asks. */
export const regulations = ['gdpr', 'ccpa'] as const;
export type Regulation = (typeof regulations)[number];

const Time = z.iso.datetime();

/**
 * A request as the table has it: without any identifier. `keys` stand for those of the whole person, as their items are
 * named.
 */
export const StoredRequest = z.object({
  requestId: z.string().min(1),
  type: z.enum(requestTypes),
  regulation: z.enum(regulations),
  submittedAt: Time,
  receivedAt: Time,
  answerBy: Time,
  state: z.enum(['received', 'running', 'waiting', 'completed', 'cancelled']),
  keys: z.array(z.string().min(1)).min(1),
  profileIds: z.array(z.string()),
  /** Keys that nobody had when it was filed: whoever has one when it begins is the person, too. */
  unowned: z.array(z.string()).optional(),
  completedAt: Time.optional(),
  /** When somebody told the person what was done, or why it takes longer. */
  answeredAt: Time.optional(),
  /** Of a request for a report: when somebody wrote it last. */
  reportedAt: Time.optional(),
  /** The source whose deleted record filed it; otherwise somebody did. */
  source: z.string().optional(),
  /** Of an opt-out: keys of the purposes that the person refuses; without any, sale and sharing. */
  purposes: z.array(z.string()).optional(),
  /** Of an opt-out: the categories that it refuses, and keys of the stated identifiers, in their order. */
  refusal: z.object({ categories: z.array(z.string()), keys: z.array(z.string()) }).optional(),
  /** Events by which the officer speaks for the person, as text, until the profile table has what they say. */
  calls: z.array(z.string()).optional(),
  /** The request that lifted this suppression. */
  liftedBy: z.string().optional(),
  /** Of an erasure: what happened up to then is kept out. */
  erasedAt: Time.optional(),
  /** Of an erasure that stopped at its barriers: when it began. Who got an identifier since then is somebody new. */
  begunAt: Time.optional(),
  /** Of an erasure: when destinations have had their time to be told, and the profiles go. */
  deleteAfter: Time.optional(),
  /** Of an erasure: how many names each destination was told and, as far as is known, still has. */
  untold: z.record(z.string(), z.int()).optional(),
  /** Of an erasure: how many items were there, before they were deleted. */
  found: z.object({ profiles: z.int(), identifiers: z.int(), told: z.int() }).optional(),
  /** Of an erasure: when the profile table had nothing of the person any more. */
  tableEmptiedAt: Time.optional(),
  /** Of an erasure: stores that somebody emptied by hand, by their names. */
  settled: z.array(z.string()).optional(),
  /** Who is called with each status that it reaches. */
  callbacks: z.array(Callback).optional(),
  /** If somebody is called: the statuses that it reached, in their order. */
  reached: z.array(z.enum(statuses)).optional(),
  /** What became of the person, store by store, in the order in which it did. */
  receipts: z.array(Receipt).optional(),
});
export type StoredRequest = z.infer<typeof StoredRequest>;

/** Whom a request is about, as the table has them: keys of identifiers, and ids of profiles and tombstones. */
export type About = Pick<StoredRequest, 'keys' | 'profileIds'>;

/** What somebody files: who asks for what, under which law, and since when. */
export interface Filing {
  readonly requestId: string;
  readonly type: RequestType;
  readonly regulation: Regulation;
  /** When the person asked, ISO 8601: the time that the law counts from. */
  readonly submittedAt: string;
  /** Of an opt-out: keys of the purposes that the person refuses; without any, sale and sharing. */
  readonly purposes?: readonly string[] | undefined;
  /** Of a rectification: the right values by the names of traits; null removes one. No request keeps them. */
  readonly traits?: Readonly<Record<string, unknown>> | undefined;
  /** Addresses that are called with each status that it reaches. */
  readonly callbacks?: readonly string[] | undefined;
}

/** A request that was just filed, about a person whose identifiers these keys stand for. */
export const received = (
  { purposes = [], traits: _, callbacks = [], ...filing }: Filing,
  times: Pick<StoredRequest, 'receivedAt' | 'answerBy'>,
  { keys, profileIds, unowned = [], calls = [], refusal }: About & Pick<StoredRequest, 'unowned' | 'calls' | 'refusal'>,
): StoredRequest => ({
  ...filing,
  ...times,
  ...(purposes.length > 0 && { purposes: [...purposes] }),
  ...(calls.length > 0 && { calls }),
  ...(callbacks.length > 0 && { callbacks: [...new Set(callbacks)].map((url) => ({ url, told: 0 })) }),
  ...(refusal !== undefined && { refusal }),
  state: 'received',
  keys: [...keys].sort(),
  profileIds: [...profileIds].sort(),
  ...(unowned.length > 0 && { unowned: [...unowned].sort() }),
});

/** Whether a request suppresses somebody now, or is about to. */
export const isStanding = ({ type, state, liftedBy }: StoredRequest): boolean =>
  type === 'suppress' && liftedBy === undefined && (state === 'running' || state === 'completed');

/** Whether a request is answered by a report of what is stored. */
export const isForReport = ({ type }: Pick<StoredRequest, 'type'>): boolean =>
  type === 'access' || type === 'portability';

/** Whether a request is done by saying something for the person, in events under identifiers of theirs. */
export const isSaid = ({ type }: Pick<StoredRequest, 'type'>): boolean => type === 'opt_out' || type === 'rectify';

/** Whether a request is an opt-out that somebody has begun. */
export const isRefusing = (
  request: StoredRequest,
): request is StoredRequest & { readonly refusal: NonNullable<StoredRequest['refusal']> } =>
  request.refusal !== undefined && request.state !== 'received' && request.state !== 'cancelled';

/** Whether a request is still to be answered. */
export const isOpen = ({ state }: StoredRequest): boolean => state !== 'completed' && state !== 'cancelled';

/** Whether a request erases somebody now. */
const isErasing = ({ type, state }: StoredRequest): boolean =>
  type === 'erasure' && (state === 'running' || state === 'waiting');

/** What a lifting lifts: the standing suppressions of the person, and the keys and profiles that no other one has. */
export interface Lifting {
  readonly lifted: readonly StoredRequest[];
  readonly keys: readonly string[];
  readonly profileIds: readonly string[];
}

/** Plans a lifting: every standing suppression that shares a key with it ends, with all of its keys. */
export function planLifting(lifting: Pick<StoredRequest, 'keys'>, all: readonly StoredRequest[]): Lifting {
  const standing = all.filter(isStanding);
  const wanted = new Set(lifting.keys);
  const lifted = standing.filter(({ keys }) => keys.some((key) => wanted.has(key)));
  const others = standing.filter((each) => !lifted.includes(each));
  const freed = (part: (request: StoredRequest) => readonly string[]) =>
    [...new Set(lifted.flatMap(part))].filter((each) => !others.some((other) => part(other).includes(each)));
  // A profile that waits for its deletion must not enter its segments again.
  const erased = new Set(all.filter(isErasing).flatMap(({ profileIds }) => profileIds));
  const profileIds = freed((request) => request.profileIds).filter((id) => !erased.has(id));
  return { lifted, keys: freed(({ keys }) => keys), profileIds };
}
