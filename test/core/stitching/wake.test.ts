import { describe, expect, it } from 'vitest';
import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import { did, didNot } from '../../../lambdas/core/segments/language/events.ts';
import { all, not, trait } from '../../../lambdas/core/segments/language/people.ts';
import { sight } from '../../../lambdas/core/stitching/batch/sighting.ts';
import type { StoredProfile } from '../../../lambdas/core/stitching/batch/snapshot.ts';
import { planStitch } from '../../../lambdas/core/stitching/plan.ts';
import { planWake } from '../../../lambdas/core/stitching/wake.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';

const config = configOf({
  segments: [
    { key: 'cart', name: 'Left a cart', where: did('Product Added').thenNot('Order Completed').within('1h') },
    { key: 'recent', name: 'Seen lately', where: did('Product Viewed').within('10m') },
    {
      key: 'quiet',
      name: 'Bought once, not lately',
      where: all(did('Order Completed'), didNot('Order Completed').within('30m')),
    },
    { key: 'unnamed', name: 'Without a name', where: not(trait('name').exists()) },
  ],
});

/** A person to whom these things happened at these minutes, and its stored version. */
function lived(...happened: readonly (readonly [at: number, event: string])[]): StoredProfile {
  let stored: StoredProfile | undefined;
  for (const [at, event] of happened) {
    const one = eventOf({ userId: 'ann', event, timestamp: minute(at), receivedAt: minute(at) });
    const snapshot = new Map(stored ? [['user_id:ann' as const, stored]] : []);
    const [write] = planStitch(sight([one], config), snapshot, config, () => 'per_1').writes;
    if (write === undefined) throw new Error('an event must be applied');
    stored = { profile: write.profile, version: (stored?.version ?? 0) + 1 };
  }
  return stored as StoredProfile;
}
const segmentsOf = ({ segments }: Profile): object => Object.fromEntries(segments);
const dueMinute = ({ dueAt }: Profile): number | undefined =>
  dueAt === undefined ? undefined : (dueAt - Date.parse(minute(0))) / 60_000;

describe('a profile is due', () => {
  it.each<[string, readonly (readonly [number, string])[], number | undefined]>([
    ['never when nothing moves on', [[0, 'Page Seen']], undefined],
    ['when a window runs out', [[0, 'Product Viewed']], 10],
    ['when an absence is complete', [[0, 'Product Added']], 60],
    [
      'when the first of several flips',
      [
        [0, 'Product Added'],
        [5, 'Product Viewed'],
      ],
      15,
    ],
    [
      'no earlier than it was, after an event that prolongs a window',
      [
        [0, 'Product Viewed'],
        [5, 'Product Viewed'],
      ],
      10,
    ],
    [
      'later at once, after an event whose like would come when it was due',
      [
        [0, 'Product Viewed'],
        [6, 'Product Viewed'],
      ],
      16,
    ],
    [
      'no more, after such an event that ends what it waits for',
      [
        [0, 'Product Added'],
        [31, 'Order Completed'],
      ],
      61,
    ],
    [
      'when another window begins to count',
      [
        [0, 'Product Added'],
        [7, 'Order Completed'],
      ],
      37,
    ],
  ])('%s', (_name, happened, due) => expect(dueMinute(lived(...happened).profile)).toBe(due));
});

describe('a wake', () => {
  it('lets people enter and exit, announces that, and tells when the profile is due next', () => {
    const { profile, changes } = planWake(lived([0, 'Product Added'], [5, 'Product Viewed']), config, minute(15));
    expect(segmentsOf(profile)).toEqual({ unnamed: minute(0) });
    expect(changes).toEqual([{ segment: 'recent', change: 'exited' }]);
    expect(dueMinute(profile)).toBe(60);
    const later = planWake({ profile, version: 3 }, config, minute(61));
    expect(segmentsOf(later.profile)).toEqual({ unnamed: minute(0), cart: minute(61) });
    expect(later.changes).toEqual([{ segment: 'cart', change: 'entered' }]);
    expect([later.version, later.profile.dueAt]).toEqual([3, undefined]);
  });

  it('before anything flips announces nothing, and is due as before', () => {
    const stored = lived([0, 'Product Viewed'], [5, 'Product Viewed']);
    const { profile, changes } = planWake(stored, config, minute(10));
    expect(changes).toEqual([]);
    expect([segmentsOf(profile), dueMinute(profile)]).toEqual([segmentsOf(stored.profile), 15]);
  });

  it('is not undone by an event that was received before it, and comes after it', () => {
    const woken = planWake(lived([0, 'Product Viewed']), config, minute(20)).profile;
    const late = eventOf({ userId: 'ann', event: 'Page Seen', timestamp: minute(8), receivedAt: minute(8) });
    const snapshot = new Map([['user_id:ann' as const, { profile: woken, version: 2 }]]);
    const [write] = planStitch(sight([late], config), snapshot, config, () => 'per_2').writes;
    expect(segmentsOf(write?.profile as Profile)).toEqual({ unnamed: minute(0) });
    expect(write?.changes).toEqual([]);
  });
});
