import { describe, expect, it } from 'vitest';
import { formerName, isFormer, nameAt, releasedIn } from '../../../lambdas/core/identifiers/former-name.ts';
import { type Identifier, isIdentifier, plainType, textOf } from '../../../lambdas/core/identifiers/identifier.ts';

const crm = 'crm_id:00:31';
const [first, second] = ['2026-05-01T12:00:00.000Z', '2026-05-03T12:00:00.000Z'];

describe('the name of an identifier that was released', () => {
  it('has the time of the release in its type, and tells both again', () => {
    expect(formerName(crm, first)).toBe(`crm_id~${Date.parse(first)}:00:31`);
    expect(releasedIn(formerName(crm, first))).toEqual({ identifier: crm, at: first });
    expect([plainType(formerName(crm, first)), textOf(formerName(crm, first))]).toEqual(['crm_id', '00:31']);
  });

  it.each([
    { at: '2026-04-01T00:00:00.000Z', name: formerName(crm, first) },
    { at: '2026-05-01T12:00:00Z', name: formerName(crm, first) },
    { at: '2026-05-01T12:00:00.001Z', name: formerName(crm, second) },
    { at: second, name: formerName(crm, second) },
    { at: '2026-05-03T12:00:00.001Z', name: crm },
  ])('at $at is $name, by the next release', ({ at, name }) => expect(nameAt(crm, at, [first, second])).toBe(name));

  it('is the identifier itself where nothing was released', () => expect(nameAt(crm, first)).toBe(crm));

  it.each<Identifier>(['note:a~1:b', 'email:a~b@c.d', 'crm_id:~1'])('is told apart from %s', (id) => {
    expect(isFormer(id)).toBe(false);
    expect(releasedIn(id)).toBeUndefined();
  });

  it('is an identifier of the platform, and its type one that no event can state', () => {
    expect(isIdentifier(formerName(crm, first))).toBe(true);
    expect(isIdentifier('crm_id~:1')).toBe(false);
    expect(isIdentifier('crm_id~x:1')).toBe(false);
  });
});
