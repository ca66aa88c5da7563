import { describe, expect, it } from 'vitest';
import { basic } from '../../fakes/http-request.ts';
import { browserKey, collectInMemory, post } from '../../fixtures/in-memory/collect.ts';

const good = { type: 'track', event: 'E', userId: 'u' };
const web = { ...basic(browserKey), 'sec-gpc': '1' };
const consentOf = ({ context }: { readonly context?: unknown }) => (context as { consent?: unknown })?.consent;

describe('Global Privacy Control', () => {
  it.each([
    { name: 'of an event without context', event: good, expected: { gpc: true } },
    { name: 'of an event without consent', event: { ...good, context: { page: {} } }, expected: { gpc: true } },
    {
      name: 'beside what a consent tool says',
      event: { ...good, context: { consent: { categoryPreferences: { ads: true } } } },
      expected: { categoryPreferences: { ads: true }, gpc: true },
    },
    {
      name: 'against what the client says of it',
      event: { ...good, context: { consent: { gpc: false } } },
      expected: { gpc: true },
    },
  ])('is kept $name', async ({ event, expected }) => {
    const collect = collectInMemory();
    await collect.request(post('/v1/batch', { batch: [event, good] }, web));
    expect(collect.events().map(consentOf)).toEqual([expected, { gpc: true }]);
  });

  it('is kept of a picture', async () => {
    const collect = collectInMemory();
    const query = `writeKey=${browserKey}&event=E&userId=u`;
    await collect.request({ method: 'GET', path: '/pixel/v1/track', query, headers: { 'sec-gpc': '1' } });
    expect(collect.events().map(consentOf)).toEqual([{ gpc: true }]);
  });

  it.each(['0', '', 'true', undefined])('says nothing as %j', async (value) => {
    const collect = collectInMemory();
    const headers = { ...basic(browserKey), ...(value !== undefined && { 'sec-gpc': value }) };
    await collect.request(post('/v1/track', good, headers));
    expect(collect.events().map(consentOf)).toEqual([undefined]);
  });
});

describe('consent that nobody can read', () => {
  it.each([
    { consent: 'yes', field: 'context.consent', reason: /^must be an object; got a text/ },
    {
      consent: { categoryPreference: { ads: true } },
      field: 'context.consent.categoryPreference',
      reason: /^is not read/,
    },
    { consent: { categoryPreferences: ['ads'] }, field: 'context.consent.categoryPreferences', reason: /^must be an/ },
    {
      consent: { categoryPreferences: { ads: 'true' } },
      field: 'context.consent.categoryPreferences',
      reason: /^must hold/,
    },
  ])('as $consent costs no event, and is told and counted', async ({ consent, field, reason }) => {
    const collect = collectInMemory();
    const { body } = await collect.request(post('/v1/track', { ...good, context: { consent } }));
    expect(body).toEqual({
      success: true,
      warnings: [{ index: 0, field, reason: expect.stringMatching(reason) }],
    });
    expect(collect.events().map(consentOf)).toEqual([consent]);
    expect(collect.counts).toMatchObject([{ accepted: 1, misstated: 1 }]);
  });

  it.each([undefined, null, {}, { gpc: true }, { categoryPreferences: {} }, { categoryPreferences: [] }, []])(
    'is not %j',
    async (consent) => {
      const collect = collectInMemory();
      const { body } = await collect.request(post('/v1/track', { ...good, context: { consent } }));
      expect(body).toEqual({ success: true });
    },
  );
});
