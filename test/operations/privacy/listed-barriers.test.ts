import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BarrierFile } from '../../../lambdas/adapters/barriers/barrier-file.ts';
import { barrierIn } from '../../../lambdas/core/privacy/barrier-list.ts';
import { hashIn, memoryBarrierFile } from '../../fakes/memory-barrier-file.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { listedIn } from '../../fixtures/in-memory/officer.ts';
import { numRuns } from '../../fixtures/laws.ts';

const keys = ['user_id:a', 'email:b@example.com', 'phone:+491711'] as const;
const noon = '2026-05-01T12:00:00.000Z';

describe('the list of barriers', () => {
  it('says what the items say, whoever writes both at once in any order', async () => {
    const act = fc.record({ key: fc.constantFrom(...keys), what: fc.constantFrom('suppress', 'lift', 'erase') });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(fc.array(act, { maxLength: 4 }), { maxLength: 3 }), async (s, all) => {
        const table = new MemoryTable();
        const barriers = table.forPrivacy();
        const inner = memoryBarrierFile();
        const file: BarrierFile = { read: s.scheduleFunction(inner.read), replace: s.scheduleFunction(inner.replace) };
        const { list } = listedIn(table, file);
        const officers = all.map(async (acts) => {
          for (const { key, what } of acts) {
            if (what === 'suppress') await barriers.suppress(key);
            if (what === 'lift') await barriers.lift(key);
            if (what === 'erase') await barriers.erase(key, noon, () => true);
            await list([key]);
          }
        });
        await s.waitFor(Promise.all(officers));
        for (const key of keys) {
          const { erased, suppressed } = (await barriers.read(key)) ?? {};
          expect(barrierIn(inner.now().list, hashIn(key)) ?? {}).toEqual({
            ...(erased && { erased }),
            ...(suppressed && { suppressed }),
          });
        }
        const made = inner.now().list.bytes;
        expect(await listedIn(table, inner).listAll()).toBe(inner.now().list.size);
        expect(inner.now().list.bytes).toEqual(made);
      }),
      { numRuns: numRuns(100) },
    );
  });

  it('gives up with a reason when somebody else is always faster', async () => {
    const file: BarrierFile = { ...memoryBarrierFile(), replace: async () => false };
    await expect(listedIn(new MemoryTable(), file).list(['user_id:a'])).rejects.toThrow('run it again');
  });

  it('is not written for nobody', async () => {
    const file: BarrierFile = {
      read: () => Promise.reject(new Error('read')),
      replace: () => Promise.reject(new Error('replaced')),
    };
    await listedIn(new MemoryTable(), file).list([]);
  });
});
