import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { receiptSigner, receiptVerifier } from '../../../lambdas/adapters/secrets/receipt-signer.ts';
import { defaultRetention } from '../../../lambdas/core/contract/retention.ts';
import { withReceipts } from '../../../lambdas/core/privacy/new-receipts.ts';
import { type ReceiptFile, receiptFile, verifyReceipts } from '../../../lambdas/core/privacy/receipt-file.ts';
import { StoredRequest } from '../../../lambdas/core/privacy/request.ts';
import { stays } from '../../../lambdas/core/privacy/stores/store.ts';
import { stores } from '../../../lambdas/core/privacy/stores/stores.ts';
import { canGoOn, storesByHand, waitingStores } from '../../../lambdas/core/privacy/waiting-stores.ts';
import { configOf } from '../../fixtures/events.ts';
import { annAndBob, fileAndRun, filing } from '../../fixtures/in-memory/ann-and-bob.ts';
import { byDefault, officerInMemory, requestIdOf } from '../../fixtures/in-memory/officer.ts';
import { numRuns } from '../../fixtures/laws.ts';

const config = configOf();
const [began, month] = ['2026-05-01T12:00:00.000Z', '2026-06-03T12:00:00.000Z'];
const kept = stores.filter(({ erasedBy }) => erasedBy.startsWith(stays)).map(({ name }) => name);

/** Ann erased, with an officer whose clock can be moved on. */
async function erased(secret = 'a secret') {
  const clock = { now: began };
  const signer = receiptSigner(secret);
  const officer = officerInMemory(await annAndBob(config), config, { now: () => clock.now, signer });
  const request = await fileAndRun(officer, filing(1, 'erasure'), 'user_id:ann');
  return { clock, officer, request };
}

/** The file of receipts of a month after an erasure, when somebody emptied a store by hand. */
async function monthLater(secret?: string) {
  const { clock, officer } = await erased(secret);
  clock.now = month;
  await officer.settle(requestIdOf(1), 'destinations');
  return { officer, text: await officer.receipts(requestIdOf(1)) };
}

const problemOf = (text: string, key?: string): string => {
  const verified = verifyReceipts(text, receiptVerifier, key);
  return verified.ok ? 'none' : verified.problem;
};

describe('an erasure has a receipt', () => {
  it('at once for what the request emptied and what is kept, with counts and without a name', async () => {
    const { request } = await erased();
    const receipts = request.receipts ?? [];
    expect(receipts.map(({ store, ended, found }) => [store, ended, found])).toEqual([
      ['profiles and what merged into them', 'emptied', 2],
      ['identifiers', 'emptied', request.keys.length],
      ['what destinations were told', 'emptied', 0],
      ...kept.map((store) => [store, 'kept', undefined]),
    ]);
    expect(JSON.stringify(receipts)).not.toMatch(/ann|phone|tablet/);
    for (const id of request.profileIds) expect(JSON.stringify(receipts)).not.toContain(id);
  });

  it('for each store once, when its time has passed or somebody emptied it, and the hourly run writes it', async () => {
    const { clock, officer, request } = await erased();
    const before = request.receipts?.length ?? 0;
    expect(canGoOn(request, began, byDefault)).toBe(false);
    clock.now = '2026-05-02T12:00:00.000Z';
    expect(canGoOn(request, clock.now, byDefault)).toBe(true);
    const { done } = await officer.runOpen();
    expect(done[0]?.receipts?.slice(before).map(({ store, ended }) => [store, ended])).toEqual([
      ['the event stream', 'expired'],
      ['buffers of Firehose', 'expired'],
    ]);
    expect((await officer.runOpen()).done).toEqual([]);
    for (const store of storesByHand) await officer.settle(requestIdOf(1), store);
    const receipts = (await officer.show(requestIdOf(1))).receipts ?? [];
    expect(receipts.filter(({ ended }) => ended === 'emptied by hand').map(({ store }) => store)).toEqual(storesByHand);
    expect(new Set(receipts.map(({ store }) => store)).size).toBe(receipts.length);
  });

  it('of a store that a deployment keeps longer only when that time has passed', async () => {
    const clock = { now: began };
    const endsBy = async () => ({ ...byDefault, retention: { ...defaultRetention, rawRetention: 60 } });
    const officer = officerInMemory(await annAndBob(config), config, { now: () => clock.now, endsBy });
    const stored = async () => ((await officer.show(requestIdOf(1))).receipts ?? []).map(({ store }) => store);
    await fileAndRun(officer, filing(1, 'erasure'), 'user_id:ann');
    clock.now = month;
    await officer.runOpen();
    expect(await stored()).not.toContain('raw events');
    // An export goes after three days, however long events stay.
    expect(await stored()).toContain('exports of the profile table');
    clock.now = '2026-07-03T12:00:00.000Z';
    await officer.runOpen();
    expect(await stored()).toContain('raw events');
  });

  it('without a count and a proof, if the profile was deleted before there were receipts', async () => {
    const { request } = await erased();
    const { found: _count, receipts: _none, ...earlier } = request;
    const [first] = withReceipts(earlier, began, { ...byDefault, signer: receiptSigner('a secret') });
    expect(first).toMatchObject({ ended: 'emptied', evidence: `it was deleted before ${began}` });
    expect(first?.found).toBeUndefined();
  });

  it('but not while anything of the person is left in the profile table', async () => {
    const table = await annAndBob(config);
    const { erased: items } = table.forOfficers();
    const officer = officerInMemory(table, config, { erased: { ...items, remove: async () => {} } });
    await expect(fileAndRun(officer, filing(1, 'erasure'), 'user_id:ann')).rejects.toThrow('2 items of this person');
    expect((await officer.show(requestIdOf(1))).receipts).toBeUndefined();
    await expect(officer.receipts(requestIdOf(9))).rejects.toThrow('no such request');
    await officer.file(filing(2, 'access'), ['user_id:bob']);
    await expect(officer.receipts(requestIdOf(2))).rejects.toThrow('a request for access has no receipts');
  });
});

describe('a suppression and its lifting', () => {
  it('have receipts, too, with counts and without a name, which verify', async () => {
    const officer = officerInMemory(await annAndBob(config), config);
    const suppressed = await fileAndRun(officer, filing(1), 'user_id:ann');
    await fileAndRun(officer, filing(2, 'unsuppress'), 'anonymous_id:phone');
    const [text, lifted] = [await officer.receipts(requestIdOf(1)), await officer.receipts(requestIdOf(2))];
    expect([problemOf(text, officer.publicKey), problemOf(lifted, officer.publicKey)]).toEqual(['none', 'none']);
    const ends = (file: string) =>
      (JSON.parse(file) as ReceiptFile).receipts.map(({ store, ended, found }) => [store, ended, found]);
    expect(ends(text)).toEqual([
      ['identifiers', 'kept out', suppressed.keys.length],
      ['profiles and what merged into them', 'marked', 1],
    ]);
    expect(ends(lifted)).toEqual([['identifiers', 'let in', 1]]);
    expect(`${text}${lifted}`).not.toMatch(/ann|phone|tablet/);
    expect(problemOf(text.replace('"found": 4', '"found": 5'))).not.toBe('none');
  });

  it('have none before they are done', async () => {
    const officer = officerInMemory(await annAndBob(config), config);
    await officer.file(filing(1), ['user_id:ann']);
    expect((JSON.parse(await officer.receipts(requestIdOf(1))) as ReceiptFile).receipts).toEqual([]);
  });
});

describe('a file of receipts', () => {
  it('is verified with the public key alone', async () => {
    const { officer, text } = await monthLater();
    expect(problemOf(text)).toBe('none');
    expect(problemOf(text, officer.publicKey)).toBe('none');
    expect(problemOf(text, receiptSigner('another secret').publicKey)).toBe('it was signed by another key');
    const { receipts, waiting } = JSON.parse(text) as ReceiptFile;
    expect(receipts.length + waiting.length).toBe(stores.filter(({ holds }) => holds !== undefined).length);
  });

  it('is the same in whatever order the table keeps what is in it', async () => {
    const { officer, text } = await monthLater();
    const request = await officer.show(requestIdOf(1));
    const turned = (fields: object) => Object.fromEntries(Object.entries(fields).reverse());
    const stored = StoredRequest.parse({ ...turned(request), receipts: request.receipts?.map(turned) });
    const waiting = waitingStores(stored, month, byDefault);
    expect(receiptFile(stored, waiting, { writtenAt: month, signer: receiptSigner('a secret') })).toBe(text);
  });

  it('is refused when any bit of it was changed', async () => {
    const { text } = await monthLater();
    const bytes = Buffer.from(text);
    const isFound = (at: number) => {
      const changed = Buffer.from(bytes);
      changed[at >> 3] = (changed[at >> 3] ?? 0) ^ (1 << (at & 7));
      // Bytes that are no text any more are read as the sign for that.
      expect(problemOf(changed.toString()), `bit ${at}`).not.toBe('none');
    };
    fc.assert(fc.property(fc.integer({ min: 0, max: bytes.length * 8 - 1 }), isFound), { numRuns: numRuns(1000) });
    // All of the end: the file's own signature, and bits of base64 that mean nothing.
    for (let at = (bytes.length - 120) * 8; at < bytes.length * 8; at++) isFound(at);
  });

  it('is refused when a receipt is missing, also the last, or is of somebody else, or stands elsewhere', async () => {
    const file = JSON.parse((await monthLater()).text) as ReceiptFile;
    const signer = receiptSigner('a secret');
    // Whoever has the key could sign the file again, but not without its receipts.
    const written = (receipts: ReceiptFile['receipts'], by = signer, requestId = file.requestId) => {
      const { signature: _old, ...contents } = { ...file, requestId, receipts, publicKey: by.publicKey };
      const signature = by.sign(`${JSON.stringify(contents, null, 2)}\n`);
      return `${JSON.stringify({ ...contents, signature }, null, 2)}\n`;
    };
    expect(problemOf(written(file.receipts))).toBe('none');
    const unsigned = `${JSON.stringify({ ...file, receipts: file.receipts.slice(0, -1) }, null, 2)}\n`;
    expect(problemOf(unsigned)).toBe('the signature of the file is wrong');
    expect(problemOf(written(file.receipts.slice(1)))).toContain('receipt 1 was changed');
    expect(problemOf(written(file.receipts.toSpliced(2, 1)))).toContain('receipt 3 was changed');
    expect(problemOf(written(file.receipts.toReversed()))).toContain('receipt 1 was changed');
    const fewer = file.receipts.map((each) => (each.found === undefined ? each : { ...each, found: 0 }));
    expect(problemOf(written(fewer))).toContain('receipt 1 was changed');
    const others = file.receipts.map((each) => ({ ...each, requestId: requestIdOf(2) }));
    expect(problemOf(written(others))).toContain('receipt 1 was changed');
    expect(problemOf(written(file.receipts, signer, requestIdOf(2)))).toContain('receipt 1 was changed');
    // Another key signs a file of its own; its receipts are not by that key.
    expect(problemOf(written(file.receipts, receiptSigner('another secret')))).toContain('receipt 1 was changed');
    // Receipts of another run of the same request, which the same key signed, do not fit in between.
    const { clock, officer } = await erased();
    clock.now = '2026-06-04T12:00:00.000Z';
    const { receipts: otherRun = [] } = await officer.run(requestIdOf(1));
    const at = otherRun.findIndex(({ ended }) => ended === 'expired');
    const swapped = file.receipts.map((each, n) => (n === at ? (otherRun[n] ?? each) : each));
    expect(swapped).not.toEqual(file.receipts);
    expect(problemOf(written(swapped))).toContain(`receipt ${at + 2} was changed, or one before it is missing`);
    expect(problemOf(`${written(file.receipts)}\n`)).toBe('the file is not as it was written');
    expect(problemOf('{}')).toContain('not a file of receipts');
    expect(problemOf('nothing')).toContain('not a file of receipts');
  });

  it('is verified by Ed25519 and by nothing else', () => {
    const { publicKey, sign } = receiptSigner('a secret');
    expect(receiptVerifier.isSigned('text', sign('text'), publicKey)).toBe(true);
    expect(receiptVerifier.isSigned('text', sign('text '), publicKey)).toBe(false);
    for (const key of ['', 'no key', 'MCowBQYDK2VuAyEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='])
      expect(receiptVerifier.isSigned('text', sign('text'), key)).toBe(false);
    expect(receiptSigner('a secret').publicKey).toBe(publicKey);
    expect(receiptSigner('b secret').publicKey).not.toBe(publicKey);
  });
});
