import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifiersOf, mostTrusted } from '../../../lambdas/core/identifiers/identifier.ts';
import { configOf, eventOf } from '../../fixtures/events.ts';
import { numRuns } from '../../fixtures/laws.ts';

const id = fc.constantFrom('ann', ' Ann ', 'null', '', '000', 'a', 'b');
const externalId = fc.record({
  id,
  type: fc.constantFrom('user_id', 'crm_id', 'email'),
  collection: fc.constant('users'),
  encoding: fc.constant('none'),
});
const event = fc
  .record(
    {
      type: fc.constantFrom('track', 'identify', 'alias', 'group'),
      userId: id,
      anonymousId: id,
      previousId: id,
      groupId: id,
      traits: fc.record({ email: fc.constantFrom('ann@example.com', 'x'), own: id }, { requiredKeys: [] }),
      context: fc.record({ externalIds: fc.array(externalId, { maxLength: 2 }) }, { requiredKeys: [] }),
    },
    { requiredKeys: ['type'] },
  )
  .map(eventOf);
const identities = [
  {},
  { priority: ['email', 'user_id', 'anonymous_id'] },
  { identifiers: [{ type: 'user_id', path: 'traits.own' }] },
  { blocked: { user_id: { values: ['ann'] } } },
].map((identity) => configOf({ identity }).identity);

describe('the most trusted identifier', () => {
  it('is the first of all, whatever the rules trust, whichever way it is found', () =>
    fc.assert(
      fc.property(event, fc.constantFrom(...identities), (each, rules) => {
        expect(mostTrusted(each, rules, 'US')).toBe(identifiersOf(each, rules, 'US').usable[0]);
      }),
      { numRuns: numRuns(500) },
    ));
});
