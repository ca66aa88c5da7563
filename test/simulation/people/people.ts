import type { Chance } from '../running/chance.ts';

/** What somebody is known by in a history. Values are as the platform keeps them. */
export interface Person {
  readonly userIds: readonly string[];
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  readonly anonymousIds: readonly string[];
  readonly deviceIds: readonly string[];
  readonly customerNumbers: readonly string[];
}

/** A few people, some with two user ids, two to seven addresses, and devices that others use too. */
export function somePeople(chance: Chance, count: number): Person[] {
  const shared = ['shared-1', 'shared-2'];
  return Array.from({ length: count }, (_, n) => ({
    userIds: [`user-${n}`, ...(chance.happens(0.2) ? [`${1000 + n}`] : [])],
    emails: several(chance.pick([1, 2, 7]), (m) => `person${n}.${m}@example.org`),
    phones: several(chance.pick([0, 1]), () => `+1201555012${n}`),
    anonymousIds: [
      ...several(chance.pick([1, 3, 7]), (m) => `browser-${n}-${m}`),
      ...(chance.happens(0.3) ? [chance.pick(shared)] : []),
    ],
    deviceIds: several(chance.pick([0, 1]), () => `phone-${n}`),
    customerNumbers: several(chance.pick([0, 1]), () => `C${n}`),
  }));
}

const several = (count: number, make: (n: number) => string): string[] =>
  Array.from({ length: count }, (_, n) => make(n));

/** What is sent where nothing is known: it names nobody. */
export const junk = [
  'null',
  '00000000-0000-0000-0000-000000000000',
  'undefined',
  'Anonymous',
  '"guest"',
  '-1',
] as const;

/** Ways in which people and programs write an address. */
export const spellEmail = (email: string, chance: Chance): string =>
  chance.pick([email, email.toUpperCase(), ` ${email} `]);

/** An American number, with and without its country. */
export const spellPhone = (phone: string, chance: Chance): string =>
  chance.pick([phone, `(${phone.slice(2, 5)}) ${phone.slice(5, 8)}-${phone.slice(8)}`]);
