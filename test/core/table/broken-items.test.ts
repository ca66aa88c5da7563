import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newProfile, ownOf, type Profile } from '../../../lambdas/core/profile/profile.ts';
import { applyEvent } from '../../../lambdas/core/stitching/effects/apply-event.ts';
import {
  parseProfileItem,
  parseTombstone,
  toProfileItem,
  toTombstone,
} from '../../../lambdas/core/table/profile-item.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';

const nothing = { changes: [], log: [] };
const full: Profile = (() => {
  const draft = newProfile('p1', eventOf({}));
  const context = {
    consent: { categoryPreferences: { ads: true } },
    campaign: { source: 'mail' },
    page: { referrer: 'https://example.com/' },
  };
  const rules = configOf();
  for (const [n, type] of (['identify', 'track', 'group'] as const).entries())
    applyEvent(
      draft,
      eventOf({ type, messageId: `m${n}`, groupId: 'g', traits: { plan: 'pro' }, context }),
      ['user_id:u'],
      { rules },
    );
  const histories = { born: 0, based: 1, counts: 2, filling: { from: 0, of: 1, ids: new Set(['p1']), late: true } };
  const segments = new Map([
    ['vip', minute(3)],
    ['lapsed', minute(4)],
  ]);
  const telling = { of: 1, account: 'a', after: '' };
  const own = { ...ownOf(draft), traits: new Map(), recent: [], eventCount: 1, segments };
  return {
    ...{
      ...draft,
      segments,
      histories,
      telling,
      own,
      listed: true,
      suppressed: true,
      dueAt: 1000,
      decided: { by: 'x', at: 1 },
    },
    ...{ merged: new Map([['p0', minute(3)]]), apart: new Set(['p9']), heard: draft.marks },
  };
})();
const item = toProfileItem(full, 3, nothing);
const tombstone = toTombstone({
  ...{ profile: full, version: 2, shared: full.marks, mergedInto: 'p2', messageId: 'm', at: minute(1) },
});
/** What the stream, the filters and operators read, and stitch does not. */
const unread = new Set(['changes', 'log', 'dueShard']);
const read = Object.keys(item).filter((name) => !unread.has(name));

it('has every attribute that a profile can have', () =>
  expect(read.toSorted()).toEqual(
    [
      ...['accounts', 'apart', 'collection', 'consent', 'createdAt', 'decided', 'dueAt', 'eventCount', 'firstSeen'],
      ...['heard', 'histories', 'identifiers', 'kind', 'lastSeen', 'listed', 'marks', 'merged', 'own', 'profileId'],
      ...['recent', 'sayings', 'segments', 'suppressed', 'telling', 'touches', 'traits', 'version'],
    ].sort(),
  ));

/** A value that no attribute has: another kind of thing than any of them, or one kind in the place of another. */
const strange = (was: unknown) =>
  fc
    .constantFrom<unknown>(null, false, 0.5, -0.5, '{', '[', '[[1]]', [], {}, [null], 'nonsense')
    .filter(
      (value) =>
        typeof value !== typeof was || (typeof was === 'object' && Array.isArray(value) !== Array.isArray(was)),
    );
const about = (name: string) => fc.tuple(fc.constant(name), strange(item[name]));

it('is refused where an attribute is another kind of thing, by an error that does not quote it', () =>
  fc.assert(
    fc.property(fc.constantFrom(...read).chain(about), ([name, value]) => {
      const broken = { ...item, [name]: value };
      expect(() => parseProfileItem(broken)).toThrow(name === 'heard' ? /heard|marks/ : new RegExp(name));
      expect(() => parseProfileItem(broken)).not.toThrow(/nonsense|user_id:u/);
    }),
  ));

/** Texts in which everything counts: what is cut out of one is missed. */
const counted = ['identifiers', 'traits', 'recent', 'sayings', 'consent', 'accounts', 'touches', 'apart', 'merged'];

it.each(counted)('is refused where the end of its text is lost: %s', (name) => {
  const text = String(item[name]);
  for (let length = 1; length < text.length; length += 1)
    expect(() => parseProfileItem({ ...item, [name]: text.slice(0, length) })).toThrow();
});

it.each(['kind', 'version', 'profileId', 'collection', 'createdAt', 'eventCount', 'firstSeen', 'lastSeen', 'marks'])(
  'is refused without %s, and so is a tombstone',
  (name) => {
    const { [name]: _, ...rest } = item;
    expect(() => parseProfileItem(rest)).toThrow(new RegExp(name));
    const { [name]: __, ...stone } = tombstone;
    expect(parseTombstone(stone)).toBeUndefined();
  },
);

it('is refused where a statement is missing that something refers to', () =>
  expect(() => parseProfileItem({ ...item, sayings: undefined })).toThrow(/sayings/));

it.each([undefined, null, 7, 'profile', [item], { ...item, kind: 'other' }])('is refused: %j', (other) =>
  expect(() => parseProfileItem(other)).toThrow(/must be/),
);

it.each(['aot1', 'aot1 ', ' abcdefghi', 'aot1 abcdefgh', '! abcdefghi', 'aot1 abcdefghi;'])(
  'is refused with the marks %j',
  (marks) => expect(() => parseProfileItem({ ...item, marks: `${marks};aot2 abc` })).toThrow(/marks/),
);
