import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PutOutcome } from '../../../lambdas/adapters/streams/retry-failed-entries.ts';
import { collectInMemory, post } from '../../fixtures/in-memory/collect.ts';

const outcome = fc.constantFrom<PutOutcome>(
  { ok: true },
  { ok: false, reason: 'throttled', error: 'ProvisionedThroughputExceededException' },
  { ok: false, reason: 'failed', error: 'InternalFailure' },
);
const item = fc.record(
  {
    type: fc.constantFrom('track', 'page', 'nothing'),
    userId: fc.oneof(fc.string(), fc.integer(), fc.constant({})),
    event: fc.string(),
    text: fc.string({ maxLength: 20 }),
  },
  { requiredKeys: ['type'] },
);

it('a 200 means that every event is on the stream or in quarantine, or told as refused and counted while the quarantine takes nothing; anything else, that the client is told of every event', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(item, { minLength: 1, maxLength: 30 }),
      outcome,
      outcome,
      async (items, send, quarantine) => {
        const batch = items.map((fields, tag) => ({ ...fields, tag }));
        const collect = collectInMemory({ send, quarantine });
        const { status, body } = await collect.request(post('/v1/batch', { batch }));
        const streamed = collect.events().map(({ tag }) => tag as number);
        const parked = collect.quarantined().map(({ index }) => index);
        const all = batch.map(({ tag }) => tag);

        const told = (body.rejected ?? []).map(({ index }: { index: number }) => index);
        if (status === 200)
          expect([...streamed, ...(quarantine.ok ? parked : told)].sort((a, b) => a - b)).toEqual(all);
        if (status === 200) expect(collect.counts).toMatchObject([{ unkept: quarantine.ok ? 0 : told.length }]);
        if (status === 400) expect(body.rejected.map(({ index }: { index: number }) => index)).toEqual(all);
        if (status !== 200 && status !== 400)
          expect([send.ok && quarantine.ok, status]).toEqual([false, expect.toBeOneOf([429, 503])]);
        if (status !== 200) expect(streamed).toEqual([]);
        if (send.ok && streamed.length > 0) expect(status).toBe(200);
      },
    ),
  ));
