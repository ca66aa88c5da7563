import { describe, expect, it } from 'vitest';
import { verify } from '../../../bin/privacy/receipts.ts';
import {
  requestAsJson,
  requestLines,
  requestTable,
  runLines,
  runsAsJson,
  subjectLines,
} from '../../../bin/privacy/report.ts';
import { readWish } from '../../../bin/privacy/wish.ts';
import { receiptSigner } from '../../../lambdas/adapters/secrets/receipt-signer.ts';
import { Deadlines } from '../../../lambdas/core/privacy/deadlines.ts';
import { withReceipts } from '../../../lambdas/core/privacy/new-receipts.ts';
import { receiptFile } from '../../../lambdas/core/privacy/receipt-file.ts';
import type { StoredRequest } from '../../../lambdas/core/privacy/request.ts';
import { byDefault } from '../../fixtures/in-memory/officer.ts';

const options = { regulation: 'gdpr', yes: false, json: false };
const wish = (argv: readonly string[], more: object = {}, text = '') =>
  readWish(argv, { ...options, ...more }, async () => text);

describe('what the command reads', () => {
  it('one person of its arguments, or one of each line of a file', async () => {
    expect(await wish(['preview', 'user_id:a', 'email:a@x.org'])).toEqual({
      kind: 'preview',
      people: [['user_id:a', 'email:a@x.org']],
    });
    expect(
      await wish(['file', 'suppress'], { from: 'f', asked: '2026-01-31' }, 'user_id:a email:a@x.org\r\n\nuser_id:b\n'),
    ).toEqual({
      ...{ kind: 'file', type: 'suppress', regulation: 'gdpr', submittedAt: '2026-01-31T00:00:00.000Z' },
      people: [['user_id:a', 'email:a@x.org'], ['user_id:b']],
    });
    const purposes = ['ads', 'sale'];
    expect(await wish(['preview', 'user_id:a'], { purpose: purposes })).toMatchObject({
      asked: { type: 'opt_out', purposes },
    });
    expect(await wish(['file', 'opt_out', 'user_id:a'], { purpose: purposes })).toMatchObject({
      ...{ kind: 'file', type: 'opt_out', purposes },
    });
    const traits = { city: 'Bonn', nickname: null };
    expect(await wish(['preview', 'user_id:a'], { traits: 'f' }, JSON.stringify(traits))).toMatchObject({
      asked: { type: 'rectify', traits },
    });
    expect(await wish(['file', 'rectify', 'user_id:a'], { traits: 'f' }, JSON.stringify(traits))).toMatchObject({
      ...{ kind: 'file', type: 'rectify', traits },
    });
    const callback = ['https://tool.example/a', 'https://tool.example/b'];
    expect(await wish(['file', 'access', 'user_id:a'], { callback })).toMatchObject({ callbacks: callback });
    expect(await wish(['run'])).toEqual({ kind: 'runOpen' });
    expect(await wish(['run'], { source: 'crm' })).toEqual({ kind: 'runFiledBy', source: 'crm' });
    expect(await wish(['settle', 'r1', 'query', 'results'])).toEqual({
      kind: 'settle',
      id: 'r1',
      store: 'query results',
    });
    expect(await wish(['list'])).toEqual({ kind: 'list' });
    expect(await wish(['cancel', 'r1'])).toEqual({ kind: 'cancel', id: 'r1' });
    expect(await wish(['reapply'], { table: 't' })).toEqual({ kind: 'reapply', table: 't' });
    await expect(wish(['reapply'])).rejects.toThrow('say the restored or rebuilt table: --table');
    expect(await wish(['key'])).toEqual({ kind: 'key' });
    expect(await wish(['receipts', 'r1'])).toEqual({ kind: 'receipts', id: 'r1' });
    expect(await wish(['verify', 'f.json'])).toEqual({ kind: 'verify', path: 'f.json' });
    expect(await wish(['report', 'r1'], { to: 'f' })).toEqual({ kind: 'report', id: 'r1', to: 'f' });
    expect(await wish(['answer', 'r1'])).toEqual({ kind: 'answer', id: 'r1' });
  });

  it.each([
    {
      argv: [],
      problem:
        'say what to do: preview, file, list, show, run, report, answer, settle, receipts, verify, key, relist, reapply or cancel; got nothing',
    },
    { argv: ['erase'], problem: 'got erase' },
    { argv: ['preview'], problem: 'say whom' },
    { argv: ['settle', 'r1'], problem: 'which request, and which store' },
    { argv: ['show'], problem: 'which request' },
    { argv: ['answer'], problem: 'which request' },
    { argv: ['receipts'], problem: 'which request' },
    { argv: ['report'], more: { to: 'f' }, problem: 'which request' },
    { argv: ['report', 'r1'], problem: 'say where to write the report: --to a folder' },
    { argv: ['verify'], problem: 'which file of receipts' },
    { argv: ['key', 'x'], problem: 'takes no "x"' },
    {
      argv: ['file', 'user_id:a'],
      problem:
        'what the person asks for must be one of erasure, suppress, unsuppress, access, portability, opt_out, rectify; got user_id:a',
    },
    {
      argv: ['file', 'suppress', 'user_id:a'],
      more: { regulation: 'x' },
      problem: '--regulation must be one of gdpr, ccpa; got x',
    },
    { argv: ['file', 'suppress', 'user_id:a'], more: { asked: 'soon' }, problem: '--asked must be a time of ISO 8601' },
    {
      argv: ['file', 'suppress', 'user_id:a'],
      more: { asked: '2999-01-01' },
      problem: '--asked must not be in the future',
    },
    { argv: ['preview', 'user_id:a'], more: { from: 'f' }, problem: 'by arguments or by --from, not by both' },
    { argv: ['preview'], more: { from: 'f' }, problem: 'f names nobody' },
    { argv: ['preview', 'user_id:a'], more: { traits: 'f' }, problem: '--traits must name a file of JSON' },
    {
      argv: ['preview', 'user_id:a'],
      more: { traits: 'f', purpose: ['p'] },
      problem: 'look at --purpose or at --traits',
    },
  ])('$problem', ({ argv, more, problem }) => expect(wish(argv, more)).rejects.toThrow(problem));
});

const stored: StoredRequest = {
  ...{
    requestId: 'r1',
    type: 'suppress',
    regulation: 'gdpr',
    state: 'received',
    keys: ['k1', 'k2'],
    profileIds: ['p1'],
  },
  ...{ submittedAt: '2026-01-01T00:00:00.000Z', receivedAt: '2026-01-02T00:00:00.000Z' },
  answerBy: '2026-01-29T00:00:00.000Z',
};

describe('what the command tells', () => {
  it('marks a request that is late, or soon will be, and says when there is none', () => {
    const table = (requests: readonly StoredRequest[], now: string) => requestTable(requests, now, Deadlines.parse({}));
    expect(table([stored], '2026-01-30')).toContain('2026-01-29T00:00:00.000Z LATE');
    expect(table([stored], '2026-01-28')).toContain('2026-01-29T00:00:00.000Z SOON');
    expect(table([stored], '2026-01-21')).toMatch(/2026-01-29T00:00:00.000Z$/);
    expect(table([{ ...stored, answeredAt: '2026-01-27T00:00:00.000Z' }], '2026-01-30')).toMatch(/ answered$/);
    expect(table([{ ...stored, state: 'completed', liftedBy: 'r2' }], '2026-01-30')).toMatch(/lifted.*000Z$/);
    expect(table([], '2026-01-30')).toBe('There are no requests.');
    expect(requestLines(stored, '2026-01-28', byDefault)).toContain('2 identifiers, p1');
  });

  it('says of an address what it was not told, and of its name the host alone', () => {
    const url = 'https://tool.example/?token=abc';
    const [failingSince, reason] = ['2026-01-03T00:00:00.000Z', 'HTTPError 500'];
    const table = (request: StoredRequest) => requestTable([request], '2026-01-20', Deadlines.parse({}));
    const called = (callback: object): StoredRequest => ({
      ...{ ...stored, reached: ['pending', 'in_progress'], callbacks: [{ url, told: 0, ...callback }] },
    });
    const line = (callback: object) => requestLines(called(callback), '2026-01-28', byDefault);
    expect(line({})).toContain('  callback      tool.example was told nothing yet');
    expect(line({ told: 2 })).toMatch(/tool.example needs no status up to in_progress any more$/m);
    expect(line({ failingSince, reason })).toContain(`nothing yet; FAILS since ${failingSince}: HTTPError 500`);
    const gaveUp = [
      { status: 'pending', reason },
      { status: 'in_progress', reason: 'AnswerTooLate' },
    ];
    // As it is once it was told another status, so that nothing fails any more.
    expect(line({ told: 2, gaveUp })).toMatch(
      /any more; GAVE UP telling it pending: HTTPError 500; GAVE UP telling it in_progress: AnswerTooLate$/m,
    );
    expect(line({ failingSince, reason })).not.toContain('token');
    expect(table(called({}))).toMatch(/ received +2026/);
    expect(table(called({ failingSince, reason }))).toContain('received, CALLS FAIL');
    expect(table(called({ told: 1, gaveUp }))).toContain('received, GAVE UP CALLING');
  });

  it('gives programs the origin of an address alone', () => {
    const request = { ...stored, callbacks: [{ url: 'https://tool.example:8443/hooks?token=abc', told: 0 }] };
    const [shown, run] = [requestAsJson(request), runsAsJson({ done: [request], failed: [] })];
    for (const one of [shown, ...run.done])
      expect(one).toEqual({ ...stored, callbacks: [{ url: 'https://tool.example:8443', told: 0 }] });
    expect(requestAsJson(stored)).toEqual(stored);
  });

  it('says what a run of all requests did, which could not go on, and when none could', () => {
    const runs = { done: [stored], failed: [{ requestId: 'r2', error: new Error('the table is full') }] };
    const text = runLines(runs, '2026-01-28', byDefault);
    expect(text).toMatch(/^r1: suppress[\s\S]*\n\nr2: COULD NOT GO ON: the table is full$/);
    expect(runsAsJson(runs)).toEqual({ done: [stored], failed: [{ requestId: 'r2', problem: 'the table is full' }] });
    const unproven = { ...runs, lakeProblem: 'version: must be 1' };
    expect(runLines(unproven, '2026-01-28', byDefault)).toMatch(/\n\nTHE LAKE PROVES NOTHING: version: must be 1$/);
    expect(runsAsJson(unproven)).toEqual({ ...runsAsJson(runs), lakeProblem: 'version: must be 1' });
    expect(runLines({ done: [], failed: [] }, '2026-01-28', byDefault)).toContain('No request can go on now');
    const answered = { ...stored, answeredAt: '2026-01-27T00:00:00.000Z' };
    expect(requestLines(answered, '2026-01-28', byDefault)).toContain('answered      2026-01-27');
  });

  it('says what an erasure waits for, and what a destination may still have', () => {
    const erasure: StoredRequest = { ...stored, type: 'erasure', state: 'waiting', untold: { crm: 2 } };
    const lines = requestLines({ ...erasure, tableEmptiedAt: '2026-01-02T00:00:00.000Z' }, '2026-01-20', byDefault);
    expect(lines).toContain('UNTOLD        crm may still have 2 names');
    expect(lines).toContain(
      'waits         events of the lake: the lake’s eraser: it must run after 2026-01-04T00:00:00.000Z',
    );
    expect(lines).toContain('waits         raw events: its time: 2026-01-26T00:00:00.000Z');
    expect(lines).not.toContain('profiles and what merged into them');
    expect(requestLines(erasure, '2026-01-28', byDefault)).toContain(
      'profiles and what merged into them: the request itself',
    );
  });

  it('says what a request for a report waits for', () => {
    const access: StoredRequest = { ...stored, type: 'access', state: 'waiting' };
    const written = { ...access, reportedAt: '2026-01-03T00:00:00.000Z' };
    const lines = (request: StoredRequest) => requestLines(request, '2026-01-28', byDefault);
    expect(lines(access)).toContain('waits         for its report: npm run privacy -- report r1 --to a folder');
    expect(lines(written)).toMatch(/report +written 2026-01-03[\s\S]*until you gave it.*answer r1/);
    expect(lines({ ...written, state: 'completed' })).not.toContain('waits');
  });

  it('says which stores of an erasure ended, and what a file of receipts says', () => {
    const emptied = {
      ...stored,
      type: 'erasure',
      state: 'waiting',
      tableEmptiedAt: '2026-01-02T00:00:00.000Z',
    } as const;
    const signer = receiptSigner('a secret');
    const found = { profiles: 2, identifiers: 3, told: 0 };
    const receipts = withReceipts({ ...emptied, found }, '2026-01-03T00:00:00.000Z', {
      ...byDefault,
      signer,
    });
    expect(requestLines({ ...emptied, receipts }, '2026-01-03', byDefault)).toContain(
      'receipt 1     profiles and what',
    );
    const waiting = [{ store: 'destinations', waitsFor: 'somebody' }];
    const written = receiptFile({ ...emptied, receipts }, waiting, { writtenAt: '2026-01-03T00:00:00.000Z', signer });
    const lines = verify(written, { json: false });
    expect(JSON.parse(verify(written, { json: true }))).toEqual(JSON.parse(written));
    expect(() => verify(written, { key: 'another', json: false })).toThrow('NOT TO BE TRUSTED: it was signed by');
    expect(lines).toContain(`r1: ${receipts.length} receipts are whole`);
    expect(lines).toContain('1. profiles and what merged into them: emptied, found 2, 2026-01-03');
    expect(lines).toMatch(
      new RegExp(`open: destinations: somebody\\nsigned by ${signer.publicKey.replaceAll('+', '.')}`),
    );
  });

  it('asks whether several profiles are one person, and shows merges', () => {
    const profile = {
      ...{ profileId: 'p1', eventCount: 3, firstSeen: 'a', lastSeen: 'b', identifiers: ['user_id:a'] as const },
      ...{ merged: [{ profileId: 'p0', at: 'c' }], shared: ['phone:+1'] as const, apart: ['p9'], accounts: ['acme'] },
    };
    const lines = subjectLines({
      profiles: [profile, { ...profile, profileId: 'p2' }],
      unknown: ['user_id:x'],
      identifiers: ['user_id:a', 'user_id:x'],
    });
    expect(lines[0]).toBe('THESE IDENTIFIERS LEAD TO 2 PROFILES: are they one person?');
    expect(lines.join('\n')).toMatch(
      /merged +p0 at c[\s\S]*not theirs +phone:[\s\S]*parted from +p9[\s\S]*accounts +acme[\s\S]*nobody has +user_id:x/,
    );
  });
});
