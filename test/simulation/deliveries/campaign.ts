import type { Destination } from '../../../lambdas/core/destinations/destination.ts';
import { deliveryMemory } from '../../fakes/deliveries.ts';
import { deliveryLine, type Faults } from '../../fixtures/delivery-line.ts';
import { advertising, kinds, People, people, wishes, words } from '../../fixtures/told-people.ts';
import { type Chance, seededChance } from '../running/chance.ts';
import { faultyTool, type Manner } from './faulty-tool.ts';

/** A mistake of the platform, planted to see that it is found. */
type Planted =
  | NonNullable<Faults['planted']>
  | 'the memory forgets'
  | 'the truth is that of the queue'
  | 'who is suppressed stays'
  | 'letters are not sent again';

/** Histories to play. */
interface Plan {
  readonly seed: number;
  readonly runs: number;
  readonly manner: Manner;
  readonly planted?: Planted;
  /** Whether the destination advertises, and people say what they allow. */
  readonly asks?: boolean;
  /** Ends after so many wrong ones. */
  readonly until?: number;
}

/** What happened in all histories. */
export interface Campaign {
  histories: number;
  announced: number;
  crashes: number;
  repeated: number;
  together: number;
  held: number;
  letters: number;
  redriven: number;
  /** Members of whom the tool was not told, for want of consent. */
  withheld: number;
  /** What was wrong at the end of which history. */
  readonly wrong: string[];
}

/** Plays histories, and compares what the tool has at their ends with the truth. */
export async function campaign(plan: Plan): Promise<Campaign> {
  const counts: Campaign = {
    ...{ histories: 0, announced: 0, crashes: 0, repeated: 0, together: 0, held: 0, letters: 0, redriven: 0 },
    withheld: 0,
    wrong: [],
  };
  for (let n = 0; n < plan.runs && counts.wrong.length < (plan.until ?? 5); n++) {
    counts.histories += 1;
    const problem = await play(seededChance(plan.seed + n), plan, counts).catch((error: unknown) => String(error));
    if (problem !== undefined) counts.wrong.push(`seed ${plan.seed + n}: ${problem}`);
  }
  return counts;
}

/** What goes wrong by chance, counted. */
function faultsOf(chance: Chance, { planted }: Plan, counts: Campaign): Faults & { over: () => void } {
  let isOver = false;
  const counted = (what: 'crashes' | 'repeated' | 'together', odds: number): boolean => {
    const happens = !isOver && chance.happens(1 / odds);
    if (happens) counts[what] += 1;
    return happens;
  };
  return {
    crash: () => (counted('crashes', 30) ? chance.pick(['before', 'after'] as const) : undefined),
    repeats: () => counted('repeated', 8),
    together: () => counted('together', 4),
    planted: planted === 'a crash deletes' || planted === 'letters lose their content' ? planted : undefined,
    over: () => {
      isOver = true;
    },
  };
}

/** People enter more often. */
const drawn = ['enters', ...kinds, ...wishes] as const;
const drawnWithWords = [...drawn, ...words, ...words] as const;

async function play(chance: Chance, plan: Plan, counts: Campaign): Promise<string | undefined> {
  const table = new People(plan.asks ? advertising : undefined, plan.planted === 'who is suppressed stays');
  const told = faultyTool(chance, plan.manner);
  const forbidden: string[] = [];
  const tool = { ...told, destination: watched(told.destination, table, forbidden) };
  const faults = faultsOf(chance, plan, counts);
  const line = deliveryLine({
    destination: tool.destination,
    find: plan.planted === 'the truth is that of the queue' ? firstSeen(table) : table.find,
    chance: () => chance.below(1_000) / 1_000,
    faults,
    more: {
      ...(plan.asks && { config: advertising, uses: ['ads'] }),
      ...(plan.manner === 'in batches, slowly' && { perSecond: 1 }),
      ...(plan.planted === 'the memory forgets' && { memory: { ...deliveryMemory(), recall: async () => undefined } }),
    },
  });
  const announced = new Set<string>();
  const redrive = () => {
    counts.redriven += line.letters.length;
    if (plan.planted === 'letters are not sent again') line.letters.length = 0;
    line.redrive();
  };
  for (let step = chance.below(61); step > 0; step--) {
    const happening = {
      kind: chance.pick(plan.asks ? drawnWithWords : drawn),
      who: chance.below(people),
      other: chance.below(people),
    };
    for (const message of await table.play(happening, { ...line, redrive })) announced.add(message);
  }
  await line.pass();
  counts.announced += announced.size;
  counts.letters += line.letters.length;
  counts.held += line.held();
  counts.withheld += line.rows().filter(({ reason }) => reason === 'no_consent').length;
  const empty = line.letters.filter(
    ({ body, why }) => !announced.has(body) || !/\w/.test(why.reason ?? '') || !/^\d+$/.test(why.tries ?? ''),
  );
  if (empty.length > 0) return `${empty.length} letters are not what was announced, with reason and tries`;
  tool.mend();
  faults.over();
  redrive();
  await line.pass();
  if (line.letters.length > 0) return `${line.letters.length} letters of a tool that works`;
  if (forbidden.length > 0) return `was told against somebody's will: ${forbidden.join()}`;
  const names = table.members();
  return names.join() === tool.members().join() ? undefined : `has ${tool.members().join()}, and not ${names.join()}`;
}

/** A destination that notes whom it was told about though they do not allow it, or are suppressed, at that moment. */
const watched = (destination: Destination, table: People, forbidden: string[]): Destination => ({
  ...destination,
  deliver: (items, context) => {
    for (const { call, profileId = '' } of items) {
      const profile = table.find(profileId);
      const isNews = (call as { event?: unknown }).event === 'Audience Entered';
      if (isNews && profile !== undefined && !table.mayBeTold(profile)) forbidden.push(profileId);
    }
    return destination.deliver(items, context);
  },
});

/** A reader that keeps what it has read once. */
function firstSeen(table: People): People['find'] {
  const seen = new Map<string, ReturnType<People['find']>>();
  return (profileId) => {
    if (!seen.has(profileId)) seen.set(profileId, table.find(profileId));
    return seen.get(profileId);
  };
}
