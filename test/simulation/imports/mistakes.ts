import type { Unit } from '../../../lambdas/adapters/dynamodb/import-ledger.ts';
import { type Entry, leaseMilliseconds, noRows } from '../../../lambdas/core/imports/ledger.ts';
import type { ImportDeps } from '../../../lambdas/functions/import/handler.ts';
import { rewritePuts, withoutCheck, withoutCondition } from '../histories/sabotage.ts';
import type { PlantedMistake } from './import-history.ts';

type Records = Parameters<ImportDeps['send']>[0];

const changing = (change: (deps: ImportDeps) => Partial<ImportDeps>): PlantedMistake => ({
  mistake: { change: (deps) => ({ ...deps, ...change(deps) }) },
});
const writing = (change: (unit: Unit, entry: Entry) => Entry): PlantedMistake =>
  changing(({ ledger }) => ({
    ledger: { ...ledger, write: (unit, entry) => ledger.write(unit, change(unit, entry)) },
  }));

let filed = 0;

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
  'a deletion that was told before files another request': changing(({ fileErasures }) => ({
    fileErasures: (wishes) => fileErasures(wishes.map((wish) => ({ ...wish, requestId: `request ${++filed}` }))),
  })),
  'a request is not filed': changing(() => ({ fileErasures: async () => {} })),
  'an identifier is released at the time of the import': changing(({ send }) => ({
    send: (records) => send(records.map((record) => ({ ...record, text: releasedLater(record.text) }))),
  })),
  'a release leaves nothing by which later events know of it': {
    ofStitch: rewritePuts((put) => (isOfRelease(put) ? { ...put, Item: { ...put.Item, barrier: undefined } } : put)),
  },
  'a release takes no notice of who claims the identifier meanwhile': {
    ofStitch: rewritePuts((put) => (isOfRelease(put) ? withoutCondition(put) : put)),
  },
  'a former name is nobody’s': {
    ofStitch: rewritePuts((put) =>
      /^identifier#.*~/.test(String(put.Item?.pk)) ? { ...put, Item: { ...put.Item, profileId: undefined } } : put,
    ),
  },
};

/** A former name is claimed whatever is released meanwhile: so rare that it is looked for where it may happen. */
export const unchecked: PlantedMistake = { ofStitch: withoutCheck };

const isOfRelease = ({ Item }: { readonly Item?: Readonly<Record<string, unknown>> | undefined }): boolean =>
  String(Item?.pk).startsWith('identifier#') && String(Item?.barrier).includes('released');

const releasedLater = (lines: string): string =>
  lines.replaceAll(/^.*"event":"Identifier Released".*$/gm, (line) => {
    const { receivedAt, ...event } = JSON.parse(line) as { receivedAt: string };
    return JSON.stringify({ ...event, receivedAt, timestamp: receivedAt });
  });

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
