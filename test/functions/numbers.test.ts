import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSameNumber } from '../../lambdas/core/values/json.ts';
import { createHandler } from '../../lambdas/functions/profile/handler.ts';
import { basic, httpRequest } from '../fakes/http-request.ts';
import { kinesisEvent } from '../fakes/kinesis.ts';
import { MemoryTable } from '../fakes/memory-table.ts';
import { configOf } from '../fixtures/events.ts';
import { collectInMemory, post } from '../fixtures/in-memory/collect.ts';
import { accessToken, users } from '../fixtures/in-memory/profile-api.ts';
import { stitchInMemory } from '../fixtures/in-memory/stitch.ts';
import { numRuns } from '../fixtures/laws.ts';
import { sharedCases } from '../fixtures/shared-rules.ts';
import { audienceEvent } from '../fixtures/told.ts';

const config = configOf({
  sources: [{ id: 'backend', kind: 'server', writeKey: 'a-write-key' }],
  identity: { identifiers: [{ type: 'loyalty_id', path: 'traits.loyalty.id' }] },
});
const external = (id: string) =>
  `"context":{"externalIds":[{"id":${id},"type":"crm_id","collection":"users","encoding":"none"}]}`;

/** Wherever a number may be an identifier: its type, and an event of one `device` that has it. */
const positions: Readonly<Record<string, (id: string, device: string) => string>> = {
  loyalty_id: (id, device) => `{"type":"identify","anonymousId":"${device}","traits":{"loyalty":{"id":${id}}}}`,
  crm_id: (id, device) => `{"type":"page","anonymousId":"${device}",${external(id)}}`,
  'ios.id': (id, device) => `{"type":"page","anonymousId":"${device}","context":{"device":{"type":"ios","id":${id}}}}`,
  user_id: (id, device) => `{"type":"page","anonymousId":"${device}","userId":${id}}`,
  anonymous_id: (id, device) => `{"type":"alias","anonymousId":"${device}","previousId":${id}}`,
};

/** Sends events to collect, and what it puts on the stream through stitch. */
async function take(events: readonly string[]) {
  const collect = collectInMemory();
  const answer = await collect.request(post('/v1/batch', `{"batch":[${events}]}`));
  const table = new MemoryTable();
  const { handler, quarantined } = stitchInMemory(table, { config });
  if (collect.records.length > 0) await handler(kinesisEvent(collect.records.map(({ text }) => text)));
  return { answer, table, quarantined, raw: collect.records.map(({ text }) => text).join('') };
}

const traitsFrom = async (table: MemoryTable, profileId: string) => {
  const api = createHandler({
    config,
    registry: async () => undefined,
    now: Date.now,
    isAccessToken: async () => true,
    findOwner: async () => undefined,
    find: table.find,
    warn: () => {},
  });
  return (
    await api(
      httpRequest({ method: 'GET', path: `${users}/profile_id:${profileId}/traits`, headers: basic(accessToken) }),
    )
  ).body;
};

const number = fc
  .tuple(
    fc.stringMatching(/^-?[1-9]\d{1,20}$/),
    fc.constantFrom('', '.0', '.5', '.50', '.10000000000000000555', 'e2', 'E-9', 'e400'),
  )
  .map((parts) => parts.join(''));

const pair = fc.oneof(
  fc.tuple(number, number),
  number.map((one) => [one, one] as const),
  number.map((one) => [one, one.replace(/\d/, (digit) => String((Number(digit) % 9) + 1))] as const),
);

describe.each(Object.entries(positions))('a number as %s', (type, eventOf) => {
  // Nobody is known by nothing: it is blocked.
  const naming = sharedCases<string, string>('numbers').filter(({ expected }) => expected !== '0');
  it.each(naming)('is known by its text: $name', async ({ input, expected }) => {
    const { table, raw } = await take([eventOf(input, 'a')]);
    expect(table.live().flatMap(({ identifiers }) => [...identifiers.keys()])).toContain(`${type}:${expected}`);
    expect(raw).toContain(expected);
  });

  it('is one person under one text, and two under two', () =>
    fc.assert(
      fc.asyncProperty(pair, async ([one, other]) => {
        const { table } = await take([eventOf(one, 'a'), eventOf(other, 'b')]);
        const ids = new Set(
          table
            .live()
            .flatMap(({ identifiers }) =>
              [...identifiers.keys()].filter((id) => id.startsWith(`${type}:`) && !/:[ab]$/.test(id)),
            ),
        );
        expect(table.live()).toHaveLength(ids.size);
        if (!isSameNumber(one, other)) expect(ids.size).toBe(2);
        if (one === other) expect(ids.size).toBe(1);
      }),
      { numRuns: numRuns(60) },
    ));
});

it('keeps two people two whose numbers differ in a digit that no double has', async () => {
  for (const eventOf of Object.values(positions))
    expect(
      (await take([eventOf('9007199254740992', 'a'), eventOf('9007199254740993', 'b')])).table.live(),
    ).toHaveLength(2);
});

it('gives back every digit: in the raw zone, in the profile, and to whoever asks for it', async () => {
  const sent = ['7615917337495251231', '12.50', '0.1000000000000000055', '1e400', '-9007199254740993', '1E-7'];
  const { table, raw, quarantined } = await take([
    `{"type":"identify","anonymousId":"a","traits":{"numbers":[${sent}],"id":${sent[0]},"deep":{"id":{"n":${sent[0]}}}},"extra":${sent[0]}}`,
    `{"type":"track","event":"E","anonymousId":"a","properties":{"price":12.50}}`,
  ]);
  const [person] = table.live();
  expect(quarantined).toEqual([]);
  expect(raw).toContain(
    `"traits":{"numbers":[${sent}],"id":${sent[0]},"deep":{"id":{"n":${sent[0]}}}},"extra":${sent[0]}`,
  );
  expect(raw).toContain('"properties":{"price":12.50}');
  const shown = await traitsFrom(table, person?.profileId ?? '');
  for (const trait of [`"numbers":[${sent}]`, `"id":${sent[0]}`, `"deep":{"id":{"n":${sent[0]}}}`])
    expect(shown).toContain(trait);
});

it('writes a whole number in one way, however it was sent', async () => {
  const { raw } = await take([
    '{"type":"track","event":"E","userId":1.0,"properties":{"a":[1.0,1E2,-0,100e-1,12345678901234567890]}}',
  ]);
  expect(raw).toContain('"userId":"1"');
  expect(raw).toContain('"a":[1,100,0,10,12345678901234567890]');
});

it('tells a destination such a number as text, which its code cannot take apart', async () => {
  const { table } = await take([
    '{"type":"identify","userId":7615917337495251231,"traits":{"email":9007199254740993}}',
  ]);
  const told = audienceEvent(table.live()[0] as never, 'vip', config.identity, '2026-11-23T12:00:00.000Z');
  expect(JSON.parse(JSON.stringify(told))).toMatchObject({
    userId: '7615917337495251231',
    context: { traits: { email: '9007199254740993' } },
  });
});

it.each([
  { name: 'more characters than an identifier', number: '9'.repeat(501) },
  { name: 'an exponent beyond all measure', number: '1e99999' },
])('refuses a number of $name, and only its event', async ({ number }) => {
  const { answer } = await take([
    `{"type":"page","userId":"u","properties":{"a":[${number}]}}`,
    '{"type":"page","userId":"v"}',
  ]);
  expect(answer).toMatchObject({
    status: 200,
    body: {
      accepted: 1,
      rejected: [{ field: 'properties.a[0]', reason: expect.stringMatching(/number of more than 500 characters, or/) }],
    },
  });
});

it('counts no number of a body as an object', async () => {
  const fields = ['context', 'integrations', 'properties'];
  const { answer } = await take([
    '{"type":"page","userId":"v"}',
    ...fields.map((field) => `{"type":"page","userId":"u","${field}":9007199254740993}`),
    '9007199254740993',
  ]);
  expect(answer.body.rejected.map(({ field }: { field: string }) => field)).toEqual([...fields, '']);
});
