import { describe, expect, it } from 'vitest';
import { newProfile, type Profile } from '../../../lambdas/core/profile/profile.ts';
import { packProfile, unpackProfile } from '../../../lambdas/core/table/profile-packing.ts';
import { eventOf } from '../../fixtures/events.ts';

const at = (n: number): string => new Date(n).toISOString();
const seen = { first: at(1), last: at(35), linked: at(36) };
const by = { messageId: 'm1', timestamp: at(10), sourceId: 'shop' };
const empty = newProfile('p1', eventOf({}));
const full: Profile = {
  ...empty,
  identifiers: new Map([['user_id:u', seen]]),
  traits: new Map([
    ['plan', { value: 'pro', ...by }],
    ['gone', { value: null, ...by, timestamp: at(11) }],
    ['other', { value: 1, ...by, sourceId: 'web' }],
  ]),
  recent: [
    { type: 'identify', name: '', ...by },
    { type: 'alias', name: 'x', ...by, messageId: 'm2' },
  ],
  consent: new Map([
    ['ads|user_id:u', { granted: true, timestamp: at(10), messageId: 'm1' }],
    ['mail|user_id:u', { granted: false, timestamp: at(10), messageId: 'm1' }],
  ]),
  accounts: new Map([['acme', seen]]),
  touches: { first: { timestamp: at(1), messageId: 'm1', referrer: 'https://x.org/' } },
  merged: new Map([['p0', at(36)]]),
  apart: new Set(['p9']),
  segments: new Map([['vip', at(37)]]),
};

describe('a packed profile', () => {
  it('says who said a thing once, times in base 36, and lists as JSON; tables hold this form', () =>
    expect(packProfile(full)).toEqual({
      identifiers: '[["user_id:u","1","z","10"]]',
      traits: '[["plan","pro",0],["gone",null,1],["other",1,2]]',
      recent: '[[1,"",0],[5,"x",3]]',
      sayings: '[["m1","a","shop"],["m1","b","shop"],["m1","a","web"],["m2","a","shop"]]',
      consent: '[["ads","user_id:u",1,"a","m1"],["mail","user_id:u",0,"a","m1"]]',
      accounts: '[["acme","1","z","10"]]',
      touches: JSON.stringify(full.touches),
      merged: '[["p0","10"]]',
      apart: '["p9"]',
      segments: '11 vip',
    }));

  it('leaves out what is empty, and reads that back', () => {
    expect(packProfile(empty)).toEqual({});
    expect({ ...empty, ...unpackProfile({}) }).toEqual(empty);
  });

  it('is read back whole', () => expect({ ...full, ...unpackProfile(packProfile(full)) }).toEqual(full));

  it.each([
    { identifiers: '[["a","1"]]' },
    { identifiers: 7 },
    { identifiers: '{}' },
    { sayings: '[["m1","a"]]' },
    { traits: '[["plan"]]' },
    { traits: '[["plan",1,0.5]]' },
    { consent: '[["ads",2,"a","m"]]' },
    { accounts: '[["acme"]]' },
    { touches: '7' },
    { touches: 'null' },
    { recent: '[["track","x",0]]' },
    { merged: '[["p0"]]' },
    { apart: '[1]' },
    { segments: '["vip"]' },
    { traits: '[["plan","pro",7]]' },
    { recent: '[[99,"x",0]]', sayings: '[["m1","a","shop"]]' },
    { merged: '[["p0","!"]]' },
    { traits: '[[' },
  ])('is not %j', (attributes) => expect(() => unpackProfile(attributes)).toThrow());
});
