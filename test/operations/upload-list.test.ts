import { describe, expect, it } from 'vitest';
import { rowsIn } from '../../bin/segments/list-file.ts';
import { ownerNames } from '../../lambdas/core/profile/owner-name.ts';
import { inList } from '../../lambdas/core/segments/language/people.ts';
import { sight } from '../../lambdas/core/stitching/batch/sighting.ts';
import { planStitch } from '../../lambdas/core/stitching/plan.ts';
import { type BadRow, uploadList } from '../../lambdas/operations/upload-list.ts';
import { MemoryTable } from '../fakes/memory-table.ts';
import { configOf } from '../fixtures/events.ts';

const file = (text: string): AsyncIterable<Uint8Array> =>
  (async function* () {
    yield new TextEncoder().encode(text);
  })();
const at = Date.parse('2026-05-01T10:00:00.000Z');

/** What an upload of files sends, and what it refuses. */
async function upload(text: string, earlier?: string, when = at) {
  const events: Record<string, unknown>[] = [];
  const refused: BadRow[] = [];
  const done = await uploadList({
    ...{ list: 'vip', sourceId: 'shop', at: when },
    members: rowsIn(file(text)),
    earlier: earlier === undefined ? undefined : rowsIn(file(earlier)),
    send: async (records) => {
      events.push(
        ...records.flatMap((record) =>
          record.text
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line)),
        ),
      );
      return { ok: true };
    },
    rest: async () => {},
    refuse: (row) => refused.push(row),
    tell: () => {},
  });
  return { done, events, refused };
}

const changes = (events: readonly Record<string, unknown>[]) => events.map(({ event, userId }) => [event, userId]);

describe('an uploaded list', () => {
  it.each([
    ['CSV', 'user_id,email,city\nu1,a@example.com,Berlin\n"u,""2""",,\n'],
    ['NDJSON', '{"user_id":"u1","email":"a@example.com"}\n\n{"user_id":"u,\\"2\\""}'],
    ['CSV with a mark of its encoding', '\uFEFFUser_ID,email\nu1,a@example.com\n"u,""2""",'],
  ])('is an event for each person of a file of %s', async (_name, text) => {
    const { done, events, refused } = await upload(text);
    expect([done, refused]).toEqual([{ added: 2, removed: 0, bad: 0 }, []]);
    expect(events[0]).toMatchObject({
      type: 'track',
      event: 'List Member Added',
      userId: 'u1',
      sourceId: 'shop',
      properties: { list: 'vip' },
      context: { traits: { email: 'a@example.com' } },
      timestamp: '2026-05-01T10:00:00.000Z',
    });
    expect(changes(events)).toEqual([
      ['List Member Added', 'u1'],
      ['List Member Added', 'u,"2"'],
    ]);
    expect(new Set(events.map(({ messageId }) => messageId)).size).toBe(2);
  });

  it('tells each row that names nobody with its line, and takes the others', async () => {
    const { done, refused } = await upload('user_id,email\nu1,\n,a@example.com\n"u2,\nu3\nu4,x');
    expect(done).toEqual({ added: 2, removed: 0, bad: 3 });
    expect(refused.map(({ line, reason }) => `${line} ${reason}`).sort()).toEqual([
      expect.stringMatching(/^3 userId is missing, and so is anonymousId/),
      '4 has a quote that does not end',
      '5 must have 2 cells; got 1',
    ]);
    expect((await upload('{"user_id":"u1"}\n[]\n{')).refused).toEqual([
      { line: 2, reason: 'must be an object of JSON' },
      { line: 3, reason: 'is no JSON' },
    ]);
  });

  it('takes off who was only in the earlier file', async () => {
    const { done, events } = await upload('user_id\nu2\nu3', 'email,user_id\na@example.com,u1\n,u2');
    expect(done).toEqual({ added: 2, removed: 1, bad: 0 });
    expect(changes(events)).toEqual([
      ['List Member Added', 'u2'],
      ['List Member Added', 'u3'],
      ['List Member Removed', 'u1'],
    ]);
  });

  it.each([
    ['by another column', 'user_id\nu1', 'user_id,anonymous_id\nu1,a1', { added: 1, removed: 0, bad: 0 }],
    ['as one of two names', 'user_id,anonymous_id\nu1,a1', 'anonymous_id\na1', { added: 1, removed: 0, bad: 0 }],
    ['on a line that cannot be read', 'user_id\nu2\nu1,', 'user_id\nu1\nu2', { added: 1, removed: 0, bad: 1 }],
  ])('takes nobody off who is in the new file %s', async (_name, text, earlier, expected) =>
    expect((await upload(text, earlier)).done).toEqual(expected),
  );

  it('is read by a rule', async () => {
    const config = configOf({ segments: [{ key: 'vips', name: 'VIPs', where: inList('vip') }] });
    const table = new MemoryTable();
    const take = async ({ events }: Awaited<ReturnType<typeof upload>>) => {
      const sightings = sight(events as never, config);
      const loaded = await table.load(ownerNames(sightings));
      let made = 0;
      for (const write of planStitch(sightings, loaded, config, () => `per_${++made}`).writes) await table.write(write);
      return table.live().map(({ identifiers, segments }) => [[...identifiers.keys()][0], segments.has('vips')]);
    };
    expect(await take(await upload('user_id\nu1\nu2'))).toEqual([
      ['user_id:u1', true],
      ['user_id:u2', true],
    ]);
    expect(await take(await upload('user_id\nu2', 'user_id\nu1\nu2', at + 60_000))).toEqual([
      ['user_id:u1', false],
      ['user_id:u2', true],
    ]);
  });
});
