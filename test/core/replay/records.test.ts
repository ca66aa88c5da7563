import { expect, it } from 'vitest';
import { MessageMemory } from '../../../lambdas/core/replay/message-memory.ts';
import { replayRecords } from '../../../lambdas/core/replay/records.ts';
import { eventOf } from '../../fixtures/events.ts';

const candidate = (fields: Record<string, unknown>) => {
  const event = eventOf(fields);
  return { event, json: JSON.stringify(event) };
};

it('puts the lines of one source and person into one record, in order, each marked as sent again', () => {
  const lines = [
    candidate({ messageId: 'm1', userId: 'ann', anonymousId: 'a' }),
    candidate({ messageId: 'm2', userId: 'bob' }),
    candidate({ messageId: 'm3', anonymousId: 'a' }),
    candidate({ messageId: 'm4', userId: 'bob', sourceId: 'web' }),
  ];
  const records = replayRecords(lines, 'raw').map(({ text, ...rest }) => ({ ...rest, lines: text.trim().split('\n') }));
  expect(records).toMatchObject([
    { sourceId: 'shop', person: 'a', lines: [expect.stringContaining('"m1"'), expect.stringContaining('"m3"')] },
    { sourceId: 'shop', person: 'bob', lines: [expect.stringContaining('"m2"')] },
    { sourceId: 'web', person: 'bob', lines: [expect.stringContaining('"m4"')] },
  ]);
  for (const line of records.flatMap((record) => record.lines)) expect(line).toMatch(/^\{"replayed":"raw","type"/);
});

it('splits what is too much for one record', () => {
  const big = { big: 'x'.repeat(30_000) };
  const lines = Array.from({ length: 40 }, (_, n) => candidate({ messageId: `m${n}`, userId: 'ann', properties: big }));
  const records = replayRecords(lines, 'raw');
  expect(records.length).toBe(2);
  expect(records.map(({ text }) => text.split('\n').length - 1)).toEqual([33, 7]);
});

it('remembers the last messages, and no more than twice what it must', () => {
  const memory = new MessageMemory(2);
  const first = ['a', 'b', 'a', 'c', 'a', 'd', 'e', 'a', 'e'].map((id) => memory.isFirst(id));
  expect(first).toEqual([true, true, false, true, false, true, true, true, false]);
});
