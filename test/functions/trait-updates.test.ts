import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Destination } from '../../lambdas/core/destinations/destination.ts';
import type { TraitCall } from '../../lambdas/core/destinations/trait-update.ts';
import { planUnmerge } from '../../lambdas/core/operations/plan-unmerge.ts';
import { isGranted } from '../../lambdas/core/profile/consent.ts';
import { namesOf } from '../../lambdas/core/profile/known-as.ts';
import { ownerNames } from '../../lambdas/core/profile/owner-name.ts';
import type { Profile } from '../../lambdas/core/profile/profile.ts';
import { traitValue } from '../../lambdas/core/segments/evaluation/evaluate.ts';
import { knownOf } from '../../lambdas/core/segments/known-profile.ts';
import { count, last, sum } from '../../lambdas/core/segments/language/compute.ts';
import { programOf } from '../../lambdas/core/segments/program/compile.ts';
import { sight } from '../../lambdas/core/stitching/batch/sighting.ts';
import { planStitch } from '../../lambdas/core/stitching/plan.ts';
import type { ProfileWrite } from '../../lambdas/core/stitching/profile-write.ts';
import { planWake } from '../../lambdas/core/stitching/wake.ts';
import { MemoryTable } from '../fakes/memory-table.ts';
import { deliveryLine } from '../fixtures/delivery-line.ts';
import { configOf, eventOf } from '../fixtures/events.ts';
import { numRuns } from '../fixtures/laws.ts';

const traits = [
  { key: 'spent', of: 'people', compute: sum('Paid', 'amount').within('2h') },
  { key: 'orders', of: 'people', compute: count('Paid') },
  { key: 'colour', of: 'people', compute: last('Paid', 'colour') },
  { key: 'earned', of: 'accounts', compute: sum('Paid', 'amount') },
  { key: 'earned_lately', of: 'accounts', compute: sum('Paid', 'amount').within('2h') },
];
const configFor = (consent: readonly string[]) =>
  configOf({ traits, destinations: [{ id: 'crm', kind: 'webhook', traits: traits.map(({ key }) => key), consent }] });
const hour = 3_600_000;

const kinds = [
  'pays',
  'pays',
  'pays',
  'pays for a firm',
  'logs in',
  'meets',
  'says yes',
  'says no',
  'parts',
  'time passes',
  'much time passes',
  'letters',
] as const;
const happenings = fc.array(
  fc.record({ kind: fc.constantFrom(...kinds), who: fc.nat(3), other: fc.nat(3), amount: fc.nat(2) }),
  { maxLength: 25, size: 'max' },
);
type Happening = (typeof happenings extends fc.Arbitrary<infer All> ? All : never) extends (infer One)[] ? One : never;

/** A shop: its table, and what each write announces. */
function shop(
  config: ReturnType<typeof configFor>,
  now: () => number,
  announce: (profileId: string, trait: string) => void,
) {
  const table = new MemoryTable();
  let made = 0;
  const tell = ({ profile, traits: news = [] }: Pick<ProfileWrite, 'profile' | 'traits'>): void => {
    for (const trait of news) announce(profile.profileId, trait);
  };
  const write = async (planned: ProfileWrite): Promise<void> => {
    expect((await table.write(planned)).kind).toBe('written');
    tell(planned);
  };
  return {
    table,
    async send(fields: Record<string, unknown>): Promise<void> {
      const at = new Date(now()).toISOString();
      const sightings = sight([eventOf({ timestamp: at, receivedAt: at, ...fields })], config);
      const snapshot = await table.load(ownerNames(sightings));
      for (const planned of planStitch(sightings, snapshot, config, () => `p${++made}`).writes) await write(planned);
    },
    /** Wakes who is due. */
    async wake(): Promise<void> {
      for (const { profileId, dueAt } of table.live()) {
        const stored = dueAt !== undefined && dueAt <= now() ? table.items.get(profileId) : undefined;
        if (stored?.kind === 'profile') await write(planWake(stored, config, new Date(now()).toISOString()));
      }
    },
    async unmerge(n: number): Promise<void> {
      const gone = [...table.tombstones.keys()].sort();
      const profileId = gone[n % gone.length];
      const person = profileId && (await table.forOperators().readMergedPerson({ profileId }));
      if (!person) return;
      const at = new Date(now()).toISOString();
      const basis = { cause: { messageId: 'm', timestamp: at, at }, config, newProfileId: () => `p${++made}` };
      const planned = planUnmerge(person, { profileId }, basis);
      if (planned.kind === 'refused') return;
      expect((await table.unmerge(planned.write)).kind).toBe('written');
      tell(planned.write.left);
      tell(planned.write.parted);
    },
  };
}

/** A tool that is moody, knows repeated messages by their ids, and remembers what it was told last under each name. */
function moodyTool(moods: readonly (string | number)[], meanwhile: () => Promise<void>) {
  const values = new Map<string, unknown>();
  const seen = new Set<string>();
  const calls: { readonly place: string; readonly told: string; readonly isFormer: boolean }[] = [];
  /** Profiles that were told with an address: their calls without one are under former names. */
  const addressed = new Set<string>();
  let asked = 0;
  let isMended = false;
  const take = ({ type, userId, anonymousId, groupId, traits: told, messageId }: TraitCall): void => {
    expect(type).toBe(groupId === undefined ? 'identify' : 'group');
    const profileId = messageId.replace(/-trait-.*/, '');
    if (told.email !== undefined) addressed.add(profileId);
    const isFormer = told.email === undefined && addressed.has(profileId);
    for (const [trait, value] of Object.entries(told).filter(([name]) => name !== 'email')) {
      const place = `${groupId ?? userId ?? anonymousId} ${trait}`;
      calls.push({ place, told: JSON.stringify([value, told.email]), isFormer });
      if (!seen.has(messageId)) values.set(place, value);
    }
    seen.add(messageId);
  };
  const destination: Destination = {
    deliver: async (items) => {
      const mood = isMended ? 'takes' : (moods[asked++ % moods.length] ?? 'takes');
      if (mood === 'slow') await meanwhile();
      if (mood === 'breaks') throw new TypeError();
      if (typeof mood === 'number') throw Object.assign(new Error(), { name: 'HTTPError', status: mood });
      for (const { call } of items) take(call as TraitCall);
      if (mood === 'slow after') await meanwhile();
      if (mood === 'takes unheard') throw Object.assign(new Error(), { name: 'ConnectionFailed' });
      return items.map(() => ({ kind: 'delivered', requests: 1 }) as const);
    },
  };
  const mend = (): void => {
    isMended = true;
  };
  return { destination, values, calls, mend };
}

/** Plays a history, and then lets everything arrive. */
async function play(history: readonly Happening[], { consent, moods, fates, together }: Fate) {
  const config = configFor(consent);
  let slow = 0;
  /** Something happens to somebody while the tool is slow, and another function tells it. */
  const meanwhile = async (): Promise<void> => {
    if (slow++ > 8) return;
    await happen({ kind: 'pays', who: slow % 4, other: 0, amount: 1 });
    if (slow % 2 === 0) await line.deliver();
  };
  const tool = moodyTool(moods, meanwhile);
  let deaths = 0;
  const crash = (): 'before' | 'after' | undefined => {
    if (deaths >= 20 || !fates.next().value) return undefined;
    return ++deaths % 2 === 0 ? 'before' : 'after';
  };
  const line = deliveryLine({
    destination: tool.destination,
    find: (profileId) => table.find(profileId),
    definitions: config,
    more: { consent },
    faults: { crash, repeats: () => false, together: () => together?.() ?? false },
  });
  const { table, send, wake, unmerge } = shop(config, line.now, line.announceTrait);
  const said = (ads: boolean) => ({ context: { consent: { categoryPreferences: { ads } } } });
  const happen = async ({ kind, who, other, amount }: Happening): Promise<void> => {
    const anonymousId = `a${who}`;
    const properties = { amount, colour: ['red', 'blue', 'green'][amount] };
    if (kind === 'pays') await send({ anonymousId, event: 'Paid', properties });
    if (kind === 'pays for a firm')
      await send({ anonymousId, event: 'Paid', properties, context: { groupId: `g${other}` } });
    if (kind === 'logs in') await send({ type: 'identify', anonymousId, userId: `u${other}`, traits: {} });
    if (kind === 'meets')
      await send({ type: 'identify', anonymousId, userId: `u${who}`, traits: { email: `${other}@x.org` } });
    if (kind === 'says yes' || kind === 'says no') await send({ anonymousId, ...said(kind === 'says yes') });
    if (kind === 'parts') await unmerge(who);
    if (kind === 'time passes') await line.pass(amount * 600_000);
    if (kind === 'much time passes') await line.pass((amount + 1) * hour);
    if (kind === 'letters') line.redrive();
    await wake();
  };
  for (const each of history) await happen(each);
  await line.pass();
  tool.mend();
  for (let passed = 0; passed < 5; passed++) {
    line.redrive();
    await line.pass();
    await line.pass(hour);
    await wake();
  }
  await line.pass();
  return { config, line, table, ...tool };
}

interface Fate {
  readonly consent: readonly string[];
  readonly moods: readonly (string | number)[];
  readonly fates: Iterator<boolean>;
  /** Whether two functions deliver the same messages side by side. */
  readonly together?: () => boolean;
}

/** What each name of a living person must have been told last, by name and trait; undefined where it may be untold. */
function truthOf(profile: Profile, config: ReturnType<typeof configFor>, now: number) {
  const [{ consent } = { consent: [] }] = config.destinations;
  const isAllowed = consent.every((category) => isGranted(profile, category) === true);
  const program = programOf(config, profile.collection);
  const texts = [...profile.identifiers.keys()].map((id) => id.slice(id.indexOf(':') + 1));
  const present = new Set(namesOf(profile, config.identity).flatMap((name) => Object.values(name)));
  return traits.flatMap(({ key, of }) => {
    if ((of === 'accounts') !== (profile.collection === 'accounts')) return [];
    const value = isAllowed ? (traitValue(program, key, knownOf(profile), now) ?? null) : null;
    const isBlank = value === null || value === 0;
    return texts.map((name) => ({
      place: `${name} ${key}`,
      value,
      mustBe: isAllowed && present.has(name) && !isBlank,
    }));
  });
}

const noFate = (): Fate => ({ consent: [], moods: ['takes'], fates: [].values() });

it('tells a destination what is true under every name that it knows, wherever deliveries fail and functions die', () =>
  fc.assert(
    fc.asyncProperty(
      happenings,
      fc.array(
        fc.oneof(
          { weight: 6, arbitrary: fc.constant('takes') },
          fc.constantFrom('takes unheard', 'slow', 'slow after', 400, 401, 503, 'breaks'),
        ),
        { minLength: 20, maxLength: 40 },
      ),
      fc.infiniteStream(fc.nat(19).map((n) => n === 0)),
      fc.constantFrom([], ['ads']),
      fc.infiniteStream(fc.nat(3)),
      async (history, moods, fates, consent, pairs) => {
        const together = (): boolean => pairs.next().value === 0;
        const { config, line, table, values } = await play(history, { consent, moods, fates, together });
        expect(line.letters).toEqual([]);
        for (const profile of table.live())
          for (const { place, value, mustBe } of truthOf(profile, config, line.now()))
            if (mustBe || values.has(place)) expect([place, values.get(place)]).toEqual([place, value]);
      },
    ),
    { numRuns: numRuns(400) },
  ));

it('tells each value once with each address, and nothing that did not change, where nothing fails', () =>
  fc.assert(
    fc.asyncProperty(happenings, async (history) => {
      // An unmerge gives names back, which are told again.
      const { calls } = await play(
        history.filter(({ kind }) => kind !== 'parts'),
        noFate(),
      );
      const lasts = new Map<string, string>();
      for (const { place, told, isFormer } of calls) {
        if (!isFormer) expect([place, told]).not.toEqual([place, lasts.get(place)]);
        lasts.set(place, told);
      }
    }),
    { numRuns: numRuns(200) },
  ));

it('tells a value that a destination knows again when an operator asks for it, once for each time', async () => {
  const { line, table, calls } = await play([{ kind: 'pays', who: 0, other: 0, amount: 2 }], noFate());
  const [{ profileId = '' } = {}] = table.live();
  const told = () => calls.filter(({ place }) => place === 'a0 orders').length;
  const before = told();
  line.announceTrait(profileId, 'orders');
  await line.pass();
  expect(told()).toBe(before);
  line.resend({ profileId, trait: 'orders' }, 'run 1');
  await line.pass();
  expect(told()).toBe(before + 1);
});
