import type { Unit } from '../../../lambdas/adapters/dynamodb/import-ledger.ts';
import { type Entry, leaseMilliseconds, noRows } from '../../../lambdas/core/imports/ledger.ts';
import type { ImportDeps } from '../../../lambdas/functions/import/handler.ts';
import { rewritePuts, withoutCondition } from '../histories/sabotage.ts';
import type { PlantedMistake } from './import-history.ts';

type Records = Parameters<ImportDeps['send']>[0];

const changing = (change: (deps: ImportDeps) => Partial<ImportDeps>): PlantedMistake => ({
  mistake: { change: (deps) => ({ ...deps, ...change(deps) }) },
});
const writing = (change: (unit: Unit, entry: Entry) => Entry): PlantedMistake =>
  changing(({ ledger }) => ({
    ledger: { ...ledger, write: (unit, entry) => ledger.write(unit, change(unit, entry)) },
  }));

/** Mistakes of imports, each as its code could make it. */
export const mistakes: Readonly<Record<string, PlantedMistake>> = {
  'the ledger is told before rows are sent': changing(sendingAfter),
  'a lease holds nobody off': { mistake: { ahead: leaseMilliseconds } },
  'the position is not kept': writing((unit, entry) =>
    'piece' in unit ? { ...entry, position: 0, counts: noRows } : entry,
  ),
  'the bytes of a file are not known': changing(({ ledger, now }) => ({
    ledger: {
      claim: async (unit, beginning) =>
        'piece' in unit ? ledger.claim(unit, beginning) : { kind: 'mine', entry: unknown(now()) },
      write: async (unit, entry) => 'bytes' in unit || ledger.write(unit, entry),
    },
  })),
  'bad rows are not kept': changing(() => ({ keepRows: async () => ({ ok: true }) })),
  'records that the stream refuses are taken for sent': changing(({ send }) => ({
    send: async (records) => {
      await send(records);
      return { ok: true };
    },
  })),
  'each try has a time of its own': changing(({ ledger, now }) => ({
    ledger: {
      ...ledger,
      claim: async (unit, beginning) => {
        const claim = await ledger.claim(unit, beginning);
        return claim.kind === 'mine' ? { ...claim, entry: { ...claim.entry, begunAt: now() } } : claim;
      },
    },
  })),
  'the version of the ledger is not compared': {
    sabotage: rewritePuts((put) => (String(put.Item?.pk).startsWith('import#') ? withoutCondition(put) : put)),
  },
};

const unknown = (now: number): Entry => ({
  ...{ state: 'open', begunAt: now, position: 0, counts: noRows, version: 1 },
  leaseUntil: now + leaseMilliseconds,
});

function sendingAfter({ ledger, send }: ImportDeps): Partial<ImportDeps> {
  const waiting: Records[] = [];
  return {
    send: async (records) => {
      waiting.push(records);
      return { ok: true };
    },
    ledger: {
      ...ledger,
      write: async (unit, entry) => {
        const isWritten = await ledger.write(unit, entry);
        for (const records of waiting.splice(0)) await send(records);
        return isWritten;
      },
    },
  };
}
