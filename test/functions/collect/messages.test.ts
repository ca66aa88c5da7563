import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectInMemory, post } from '../../fixtures/in-memory/collect.ts';
import { numRuns } from '../../fixtures/laws.ts';

const secret = 'ann@example.com';
const stated: readonly unknown[] = [
  secret,
  [secret],
  { [secret]: secret },
  5,
  12_345_678,
  true,
  'x'.repeat(1001),
  '\ud83d',
  [],
  {},
  null,
  '',
];
const fields = [
  'type',
  'userId',
  'anonymousId',
  'previousId',
  'groupId',
  'messageId',
  'event',
  'name',
  'properties',
  'traits',
  'context',
  'integrations',
];
const types = ['track', 'identify', 'page', 'screen', 'group', 'alias'];
const whole = { userId: 'u', event: 'E', groupId: 'g', previousId: 'p' };

const messageOf = async (body: unknown, path = '/v1/batch') => {
  const { status, body: answer } = await collectInMemory().request(post(path, body));
  return { status, answer };
};

describe('a refusal', () => {
  const calls = types.flatMap((type) =>
    fields.flatMap((field) => stated.map((value) => ({ ...whole, type, [field]: value }))),
  );
  it(`names the field, what came and what is wanted, and quotes nobody (${calls.length} calls)`, async () => {
    const refused = new Set<string>();
    for (const call of calls) {
      const { status, answer } = await messageOf({ batch: [call] });
      if (status === 200) continue;
      const [{ field, reason }] = answer.rejected;
      expect(fields).toContain(field);
      expect(reason).toMatch(
        /^(must be|is missing,|is required) .*(a text|an object|one of|Unicode).*; got (nothing|neither|null|true|a number|an object|an empty text|a list of \d+|a text of \d+ characters?)/,
      );
      expect(answer.message).toBe(`event 0: ${field} ${reason}`);
      expect(answer.message).not.toMatch(/ann@|12345678|xxxx/);
      refused.add(field);
    }
    expect([...refused].sort()).toEqual([...fields].sort());
  });

  it.each([
    { name: 'a list', body: [whole], message: 'the body must be a JSON object; got a list of 1' },
    {
      name: 'a batch that is an object',
      body: { batch: whole },
      message: 'batch must be an array of events; got an object',
    },
    { name: 'an empty batch', body: { batch: [] }, message: 'batch must hold 1 to 2500 events; got a list of 0' },
    {
      name: 'an event that is a number',
      body: { batch: [5] },
      message: 'event 0: it must be a JSON object; got a number',
    },
    {
      name: 'half a body',
      body: `{"batch":[{"userId":"${secret}"`,
      message: 'the body must be valid JSON; got a text of 37 characters that is not',
    },
    { name: 'no body', body: '', message: 'the body must hold JSON; got an empty body' },
  ])('of $name says so', async ({ body, message }) => expect((await messageOf(body)).answer.message).toBe(message));

  // It names the field at fault, and so the names of fields that lead there.
  it('quotes no value of a call, whatever it is', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...types),
        fc.constantFrom(...fields),
        fc.anything({ withNullPrototype: false }),
        async (type, field, value) => {
          const call = JSON.stringify({
            batch: [{ ...whole, type, [field]: { name: [secret, value], other: secret } }],
          });
          const { status, answer } = await messageOf(call);
          if (status !== 200) expect(answer.message).not.toContain(secret);
        },
      ),
      { numRuns: numRuns(300) },
    ));
});
