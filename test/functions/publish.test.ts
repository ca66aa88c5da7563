import type { DynamoDBStreamEvent } from 'aws-lambda';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PutOutcome } from '../../lambdas/adapters/streams/retry-failed-entries.ts';
import type { ProfileChange } from '../../lambdas/core/destinations/announcement.ts';
import { subjectOf } from '../../lambdas/functions/deliver/bus-event.ts';
import { createHandler } from '../../lambdas/functions/publish/handler.ts';

/** What the filtered stream of the profile table hands over, one record a write. */
const streamEvent = (...writes: [profileId: string, changes: object[], log?: object[]][]): DynamoDBStreamEvent => ({
  Records: writes.map(([profileId, changes, log], n) => ({
    eventID: `e${n}`,
    eventName: 'MODIFY',
    eventSource: 'aws:dynamodb',
    dynamodb: {
      SequenceNumber: `${n + 1}00`,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
      NewImage: {
        kind: { S: 'profile' },
        profileId: { S: profileId },
        changes: { S: JSON.stringify(changes) },
        ...(log && { log: { S: JSON.stringify(log) } }),
      },
    },
  })),
});

const event = streamEvent(
  [
    'p1',
    [
      { segment: 'vip', change: 'entered' },
      { segment: 'lapsed', change: 'exited' },
    ],
  ],
  ['p2', [{ segment: 'vip', change: 'entered' }]],
);

/** A publish function whose places answer as told, and what each of them has. */
function publishTo({
  logs = (): boolean => true,
  takes = (changes: number) => changes,
  keeps = (): boolean => true,
} = {}) {
  const places = {
    log: [] as string[],
    bus: [] as ProfileChange[],
    aside: [] as { id: string | undefined; reason: string }[],
  };
  const outcome = (ok: boolean): PutOutcome => (ok ? { ok } : { ok, reason: 'failed', error: 'ServiceUnavailable' });
  const handler = createHandler({
    append: async (records) => {
      if (records.length === 0 || !logs()) return outcome(records.length === 0);
      places.log.push(...records.flatMap(({ text }) => text.trim().split('\n')));
      return outcome(true);
    },
    send: async (changes) => {
      const taken = Math.min(changes.length, takes(changes.length));
      places.bus.push(...changes.slice(0, taken));
      return taken;
    },
    keep: async ({ dynamodb }, reason) => {
      const ok = keeps();
      if (ok) places.aside.push({ id: dynamodb?.SequenceNumber, reason });
      return outcome(ok);
    },
  });
  return { ...places, handler };
}

const vip = { segment: 'vip', change: 'entered' };
const failures = (...numbers: string[]) => ({
  batchItemFailures: numbers.map((itemIdentifier) => ({ itemIdentifier })),
});

it.each([
  { name: 'announces every change, in order', taken: 3, again: [] },
  { name: 'goes back to the write whose second change was refused', taken: 1, again: ['100'] },
  { name: 'goes back to the first refused write', taken: 2, again: ['200'] },
])('$name', async ({ taken, again }) => {
  const { handler, bus } = publishTo({ takes: () => taken });
  expect(await handler(event)).toEqual(failures(...again));
  expect(bus).toEqual(
    [
      { profileId: 'p1', ...vip },
      { profileId: 'p1', segment: 'lapsed', change: 'exited' },
      { profileId: 'p2', ...vip },
    ].slice(0, taken),
  );
});

it('appends what was decided about identity, and announces what changed, side by side', async () => {
  const decided = streamEvent(['p1', [vip]], ['p2', [vip], [{ kind: 'link' }, { kind: 'merge' }]]);
  const { handler, log, bus } = publishTo();
  expect(await handler(decided)).toEqual(failures());
  expect(log).toEqual(['{"kind":"link"}', '{"kind":"merge"}']);
  expect(bus.map(({ profileId }) => profileId)).toEqual(['p1', 'p2']);
});

it('announces everything while the log takes nothing, once, and goes back to the first decision', async () => {
  let open = false;
  const { handler, log, bus } = publishTo({ logs: () => open });
  const batch = streamEvent(['p1', [vip]], ['p2', [vip], [{ kind: 'link' }]], ['p3', [vip]]);
  expect(await handler(batch)).toEqual(failures('200'));
  const rest = { Records: batch.Records.slice(1) };
  for (let attempt = 0; attempt < 5; attempt++) expect(await handler(rest)).toEqual(failures('200'));
  open = true;
  expect(await handler(rest)).toEqual(failures());
  expect([bus.map(({ profileId }) => profileId), log]).toEqual([['p1', 'p2', 'p3'], ['{"kind":"link"}']]);
});

it('appends once what was decided, while the bus takes nothing', async () => {
  let open = 0;
  const { handler, log, bus } = publishTo({ takes: () => open });
  const batch = streamEvent(['p1', [vip], [{ kind: 'link' }]], ['p2', [vip]]);
  for (let attempt = 0; attempt < 5; attempt++) expect(await handler(batch)).toEqual(failures('100'));
  open = 2;
  expect(await handler(batch)).toEqual(failures());
  expect([bus.map(({ profileId }) => profileId), log]).toEqual([['p1', 'p2'], ['{"kind":"link"}']]);
});

const unreadable = {
  'no JSON': '[{"segment":',
  'no list': '{}',
  nothing: '',
  'a text': '"vip"',
  'a change of nothing': '[{"change":"entered"}]',
  'a change to what there is not': '[{"segment":"vip","change":"moved"}]',
  'a segment as long as an item': JSON.stringify([{ segment: 's'.repeat(390_000), change: 'entered' }]),
  'an entry of no kind': '[{"kind":5}]',
  'what nests beyond all measure': `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
  'an entry that nests beyond all measure': `[{"kind":"link","segment":"vip","change":"moved","deep":${'['.repeat(50_000)}${']'.repeat(50_000)}}]`,
};
const cases = Object.entries(unreadable).flatMap(([name, text]) =>
  ['changes', 'log'].flatMap((attribute) => [0, 1, 2].map((at) => ({ name, text, attribute, at }))),
);

it.each(cases)(
  'puts record $at aside where its $attribute is $name, once it is safe, and tells all that others recorded',
  async ({ text, attribute, at }) => {
    const ids = ['p0', 'p1', 'p2'];
    const batch = streamEvent(...ids.map((id): [string, object[], object[]] => [id, [vip], [{ kind: id }]]));
    Object.assign(batch.Records[at]?.dynamodb?.NewImage ?? {}, { [attribute]: { S: text } });
    let open = false;
    const { handler, log, bus, aside } = publishTo({ keeps: () => open });
    expect(await handler(batch)).toEqual(failures(`${at + 1}00`));
    open = true;
    expect(await handler({ Records: batch.Records.slice(at) })).toEqual(failures());
    const whole = (of: string): string[] => (of === attribute ? ids.filter((_, n) => n !== at) : ids);
    expect([bus.map(({ profileId }) => profileId), log]).toEqual([
      whole('changes'),
      whole('log').map((kind) => JSON.stringify({ kind })),
    ]);
    expect(aside).toEqual([{ id: `${at + 1}00`, reason: expect.stringContaining(attribute) }]);
    expect(JSON.stringify(aside)).not.toMatch(/vip|moved/);
  },
);

it('tells the bus of computed traits, and the log nothing of them', async () => {
  const { handler, log, bus } = publishTo();
  await handler(streamEvent(['p1', [vip, { trait: 'revenue' }], []]));
  expect(bus).toEqual([
    { profileId: 'p1', ...vip },
    { profileId: 'p1', trait: 'revenue' },
  ]);
  expect(log).toEqual([]);
});

it('tells every entry of a record that can be read, and puts the record aside for the one that cannot', async () => {
  const { handler, log, bus, aside } = publishTo();
  await handler(streamEvent(['p1', [vip, { segment: 7 }, { ...vip, segment: 'lapsed' }], [{}, { kind: 'link' }]]));
  expect([bus.map(subjectOf), log]).toEqual([['vip', 'lapsed'], ['{"kind":"link"}']]);
  expect(aside).toMatchObject([{ reason: expect.stringMatching(/^changes\[1\]: .*; log\[0\]: /) }]);
});

it('puts aside a change of nobody', async () => {
  const batch = streamEvent(['p1', [vip]]);
  Reflect.deleteProperty(batch.Records[0]?.dynamodb?.NewImage ?? {}, 'profileId');
  const { handler, aside } = publishTo();
  expect(await handler(batch)).toEqual(failures());
  expect(aside).toMatchObject([{ reason: expect.stringContaining('profileId') }]);
});

/**
 * What the places do at one attempt: the log and the place for what cannot be read take all or nothing, the bus so many
 * changes.
 */
const attempt = fc.record({
  logs: fc.boolean(),
  takes: fc.oneof(fc.constantFrom(0, 1_000), fc.nat(6)),
  keeps: fc.boolean(),
});
const write = fc.record({ changes: fc.nat(3), log: fc.nat(2), damaged: fc.boolean() });

it('tells everything whatever log, bus and bucket refuse, each once where the bus takes all or nothing, and announces first of all while only the log refuses', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(write, { minLength: 1, maxLength: 8 }),
      fc.array(attempt, { maxLength: 8 }),
      async (writes, attempts) => {
        let now = { logs: true, takes: 1_000, keeps: true };
        const { handler, log, bus, aside } = publishTo({
          logs: () => now.logs,
          takes: () => now.takes,
          keeps: () => now.keeps,
        });
        const entries = writes.map(({ changes, log: lines, damaged }, n): [string, object[], object[]] => [
          `p${n}`,
          [...Array.from({ length: changes }, (_, c) => ({ ...vip, segment: `s${c}` })), ...(damaged ? [{}] : [])],
          Array.from({ length: lines }, (_, l) => ({ kind: `k${n}-${l}` })),
        ]);
        let { Records } = streamEvent(...entries);
        for (const failing of [...attempts, now]) {
          const known = bus.length;
          now = failing;
          const { batchItemFailures: [failure] = [] } = await handler({ Records });
          if (failing.takes === 1_000 && known === 0)
            expect(new Set(bus.map(({ profileId }) => profileId)).size).toBe(
              writes.filter(({ changes }) => changes > 0).length,
            );
          Records = Records.slice(
            failure === undefined
              ? Records.length
              : Records.findIndex(({ dynamodb }) => dynamodb?.SequenceNumber === failure.itemIdentifier),
          );
        }
        expect(Records).toEqual([]);
        const told = bus.map((change) => `${change.profileId} ${subjectOf(change)}`);
        const wanted = writes.flatMap(({ changes }, n) => Array.from({ length: changes }, (_, c) => `p${n} s${c}`));
        expect([...new Set(told)]).toEqual(wanted);
        if (attempts.every(({ takes }) => takes === 0 || takes === 1_000)) expect(told).toEqual(wanted);
        expect(log).toEqual(
          writes.flatMap(({ log: lines }, n) => Array.from({ length: lines }, (_, l) => `{"kind":"k${n}-${l}"}`)),
        );
        expect([...new Set(aside.map(({ id }) => id))]).toEqual(
          writes.flatMap(({ damaged }, n) => (damaged ? [`${n + 1}00`] : [])),
        );
      },
    ),
  ));

it('tells the lake of each entry and exit with its time, once and in the order of the writes', async () => {
  const timed: DynamoDBStreamEvent = {
    Records: event.Records.map((record, n) => ({
      ...record,
      dynamodb: { ...record.dynamodb, ApproximateCreationDateTime: 1_778_000_000 + n },
    })),
  };
  let up = false;
  const { handler, log, bus } = publishTo({ logs: () => true, takes: (count) => (up ? count : 0) });
  expect(await handler(timed)).toEqual(failures('100'));
  up = true;
  expect(await handler(timed)).toEqual(failures());
  expect(bus).toHaveLength(3);
  const [first, second] = ['2026-05-05T16:53:20.000Z', '2026-05-05T16:53:21.000Z'];
  expect(log.map((line) => JSON.parse(line))).toEqual([
    { kind: 'enter', profileId: 'p1', rule: 'vip', messageId: '100', timestamp: first, at: first },
    { kind: 'exit', profileId: 'p1', rule: 'lapsed', messageId: '100', timestamp: first, at: first },
    { kind: 'enter', profileId: 'p2', rule: 'vip', messageId: '200', timestamp: second, at: second },
  ]);
});

it('tells the lake that a merged profile left all segments, and when a merge alone made somebody a member', async () => {
  const entry = { messageId: 'm', timestamp: '2026-05-05T10:00:00.000Z', at: '2026-05-05T10:00:01.000Z' };
  const merge = { kind: 'merge', profileId: 'p1', absorbed: 'p2', ...entry };
  const quiet = { kind: 'enter', profileId: 'p1', rule: 'vip', ...entry };
  const { Records } = streamEvent(['p1', [], [merge, quiet]]);
  const { handler, log } = publishTo();
  await handler({
    Records: Records.map((record) => ({
      ...record,
      dynamodb: { ...record.dynamodb, ApproximateCreationDateTime: 1_778_000_000 },
    })),
  });
  const written = { messageId: '100', timestamp: '2026-05-05T16:53:20.000Z', at: '2026-05-05T16:53:20.000Z' };
  expect(log.map((line) => JSON.parse(line))).toEqual([
    merge,
    { kind: 'exit', profileId: 'p2', ...written },
    { kind: 'enter', profileId: 'p1', rule: 'vip', ...written },
  ]);
});
