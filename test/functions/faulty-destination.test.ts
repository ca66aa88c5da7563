import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AudienceEvent } from '../../lambdas/core/destinations/audience-event.ts';
import type { Destination } from '../../lambdas/core/destinations/destination.ts';
import type { Identifier } from '../../lambdas/core/identifiers/identifier.ts';
import { nameOf } from '../../lambdas/core/profile/known-as.ts';
import { newProfile, type Profile } from '../../lambdas/core/profile/profile.ts';
import { changesBetween } from '../../lambdas/core/segments/changes.ts';
import { deliveryLine } from '../fixtures/delivery-line.ts';
import { configOf, eventOf, minute } from '../fixtures/events.ts';
import { numRuns } from '../fixtures/laws.ts';

const { identity } = configOf();
const people = 4;

/** Something that happens to somebody; `who` and `other` are numbers of people. */
interface Happening {
  readonly kind:
    | 'enters'
    | 'leaves'
    | 'logs in'
    | 'is seen elsewhere'
    | 'merges'
    | 'time passes'
    | 'letters are sent again';
  readonly who: number;
  readonly other: number;
}

/** How the destination takes a call: it may also take what it does not confirm. */
type Mood = 'takes' | 'takes unheard' | 400 | 401 | 429 | 503 | 'breaks';

const moods = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<Mood>('takes') },
    { weight: 4, arbitrary: fc.constantFrom<Mood>('takes unheard', 400, 401, 429, 503, 'breaks') },
  ),
  { minLength: 20, maxLength: 60 },
);
const happenings = fc.array(
  fc.record({
    kind: fc.constantFrom<Happening['kind']>(
      ...([
        'enters',
        'leaves',
        'logs in',
        'is seen elsewhere',
        'merges',
        'time passes',
        'letters are sent again',
      ] as const),
    ),
    who: fc.nat(people - 1),
    other: fc.nat(people - 1),
  }),
  { maxLength: 30, size: 'max' },
);

/** The table: live profiles, and where merged ones went. */
class People {
  readonly live = new Map<string, Profile>();
  private readonly gone = new Map<string, string>();
  private time = 0;

  constructor() {
    for (let n = 0; n < people; n++)
      this.live.set(`p${n}`, this.seenAs(newProfile(`p${n}`, eventOf({})), `anonymous_id:a${n}`));
  }

  find = (profileId: string): Profile | undefined => {
    const next = this.gone.get(profileId);
    return next === undefined ? this.live.get(profileId) : this.find(next);
  };

  /** Changes somebody, and says whose changes of membership are announced. */
  happen({ kind, who, other }: Happening): { readonly profileId: string; readonly change: 'entered' | 'exited' }[] {
    const before = this.find(`p${who}`);
    const into = this.find(`p${other}`);
    if (before === undefined || into === undefined) return [];
    this.time += 1;
    const now = minute(this.time);
    if (kind === 'merges') return before === into ? [] : this.announce([before, into], this.merged(before, into));
    const segments = kind === 'enters' ? new Map([['vip', now]]) : new Map(kind === 'leaves' ? [] : before.segments);
    const after = { ...before, segments: before.segments.has('vip') && kind === 'enters' ? before.segments : segments };
    if (kind === 'logs in') return this.announce([before], this.seenAs(after, `user_id:u${before.profileId}`));
    if (kind === 'is seen elsewhere') return this.announce([before], this.seenAs(after, `anonymous_id:0${this.time}`));
    return this.announce([before], after);
  }

  private seenAs(profile: Profile, id: Identifier): Profile {
    const now = minute(this.time);
    const seen = { first: now, last: now, linked: now };
    return { ...profile, identifiers: new Map([...profile.identifiers, [id, seen]]) };
  }

  private merged(one: Profile, other: Profile): Profile {
    const [survivor, absorbed] = [one, other].sort((a, b) => (a.profileId < b.profileId ? -1 : 1)) as [
      Profile,
      Profile,
    ];
    this.live.delete(absorbed.profileId);
    this.gone.set(absorbed.profileId, survivor.profileId);
    return {
      ...survivor,
      identifiers: new Map([...absorbed.identifiers, ...survivor.identifiers]),
      segments: new Map([...absorbed.segments, ...survivor.segments]),
      merged: new Map([...survivor.merged, ...absorbed.merged, [absorbed.profileId, minute(this.time)]]),
    };
  }

  private announce(before: readonly Profile[], after: Profile) {
    this.live.set(after.profileId, after);
    return changesBetween(before, after, identity).map(({ change }) => ({ profileId: after.profileId, change }));
  }
}

/** A tool that is moody, and remembers by name who is in. */
function moodyTool(moods: readonly Mood[]) {
  const members = new Set<string>();
  let calls = 0;
  let isMended = false;
  const take = ({ userId, anonymousId, event }: AudienceEvent): void => {
    const name = userId ?? anonymousId ?? '';
    if (event === 'Audience Entered') members.add(name);
    else members.delete(name);
  };
  const destination: Destination = {
    deliver: async (items) => {
      const mood = isMended ? 'takes' : (moods[calls++ % moods.length] ?? 'takes');
      if (mood === 'breaks') throw new TypeError();
      if (typeof mood === 'number') throw Object.assign(new Error(), { name: 'HTTPError', status: mood });
      for (const { call } of items) take(call as AudienceEvent);
      if (mood === 'takes unheard') throw Object.assign(new Error(), { name: 'ConnectionFailed' });
      return items.map(() => ({ kind: 'delivered', requests: 1 }) as const);
    },
  };
  return {
    destination,
    members,
    mend: () => {
      isMended = true;
    },
  };
}

it('loses no membership and leaves none wrong under any name, once letters are sent again to a tool that works', () =>
  fc.assert(
    fc.asyncProperty(happenings, moods, async (history, itsMoods) => {
      const table = new People();
      const { destination, members, mend } = moodyTool(itsMoods);
      const line = deliveryLine({ destination, find: table.find });
      for (const happening of history) {
        if (happening.kind === 'time passes') await line.pass(happening.who * 600_000);
        else if (happening.kind === 'letters are sent again') line.redrive();
        else for (const { profileId, change } of table.happen(happening)) line.announce(profileId, change);
      }
      await line.pass();
      for (const { body, why } of line.letters) {
        expect(JSON.parse(body)).toMatchObject({ detail: { profileId: expect.any(String), segment: 'vip' } });
        expect([why.reason, Number(why.tries)]).toEqual([expect.stringMatching(/\w/), expect.any(Number)]);
      }
      mend();
      line.redrive();
      await line.pass();
      expect(line.letters).toEqual([]);
      const inside = [...table.live.values()].filter(({ segments }) => segments.has('vip'));
      expect([...members].sort()).toEqual(inside.map((profile) => Object.values(nameOf(profile, identity))[0]).sort());
    }),
    { numRuns: numRuns(1_000) },
  ));
