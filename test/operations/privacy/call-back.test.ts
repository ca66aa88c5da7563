import { describe, expect, it, vi } from 'vitest';
import { egressRefusal } from '../../../lambdas/adapters/egress/agents.ts';
import { createHandler } from '../../../lambdas/functions/requests/handler.ts';
import { type CallBackDeps, type CallOutcome, callingBack } from '../../../lambdas/operations/privacy/call-back.ts';
import type { MemoryTable } from '../../fakes/memory-table.ts';
import { Died } from '../../fixtures/dying-officer.ts';
import { configOf } from '../../fixtures/events.ts';
import { annAndBob, fileAndRun, filing } from '../../fixtures/in-memory/ann-and-bob.ts';
import { officerInMemory, requestIdOf } from '../../fixtures/in-memory/officer.ts';

const config = configOf({ privacy: { openDsrDomain: 'privacy.example.com' } });
const tool = 'https://tool.example/callbacks?token=abc';
const other = 'https://other.example/';
const at = (hour: number): string => new Date(Date.UTC(2026, 4, 1, 12 + hour)).toISOString();
const told = { kind: 'told' } as const;
const failed = (reason: string, isAnswered = true): CallOutcome => ({ kind: 'failed', reason, isAnswered });

/** Receivers that note what they were told, as `<request> <status>` by their host. */
function receivers(answer: (url: string, hour: number) => CallOutcome = () => told) {
  const heard = new Map<string, string[]>();
  const post = async (url: string, body: string, hour = 0): Promise<CallOutcome> => {
    const { subject_request_id, request_status, status_callback_url } = JSON.parse(body);
    expect(status_callback_url).toBe(url);
    const { host } = new URL(url);
    heard.set(host, [...(heard.get(host) ?? []), `${Number(subject_request_id.slice(-12))} ${request_status}`]);
    return answer(url, hour);
  };
  return { heard, post };
}

const caller = (table: MemoryTable, deps: Pick<CallBackDeps, 'post'> & Partial<CallBackDeps>) =>
  callingBack({ requests: table.forOfficers().requests, pause: async () => {}, now: () => at(0), ...deps });

type HourDeps = Omit<Partial<CallBackDeps>, 'post'> & { post: ReturnType<typeof receivers>['post'] | undefined };

/** The function of an hour: what it warned of, and whether it failed. */
async function hourOf(table: MemoryTable, hour: number, deps: HourDeps) {
  const warn = vi.fn();
  const { post } = deps;
  const now = () => at(hour);
  const run = createHandler({
    ...{ officer: officerInMemory(table, config, { now }), now, tell: () => undefined, warn },
    callBack: caller(table, { now, ...deps, post: post && ((url, body) => post(url, body, hour)) }),
  });
  const error = await run().then(
    () => undefined,
    ({ message }: Error) => message,
  );
  return { warnings: warn.mock.calls, error };
}

describe('a request with addresses to call back', () => {
  it.each([
    { callbacks: ['http://x.org/'], problem: 'callbacks[0] must begin with https:' },
    { callbacks: [tool, 'https://127.0.0.1/'], problem: 'callbacks[1] cannot be called: the address is private' },
    { callbacks: ['https://[::1]:8443/'], problem: 'callbacks[0] cannot be called: the address is private' },
    { callbacks: ['https://0x7f.1/'], problem: 'callbacks[0] cannot be called: the address is private' },
    {
      callbacks: ['https://169.254.169.254/latest/'],
      problem: 'callbacks[0] cannot be called: the address is private',
    },
    { callbacks: ['https://localhost/'], problem: 'the host name leads to a private address' },
    { callbacks: Array.from({ length: 11 }, () => tool), problem: 'callbacks must be 10 addresses at most' },
  ])('is refused: $problem', async ({ callbacks, problem }) => {
    const guarded = { egressRefusal: (url: URL) => egressRefusal(url, []) };
    const officer = officerInMemory(await annAndBob(config), config, guarded);
    await expect(officer.preview(['user_id:ann'], { ...filing(1), callbacks })).rejects.toThrow(problem);
    await expect(officer.file({ ...filing(1), callbacks }, ['user_id:ann'])).rejects.toThrow(problem);
    expect(await officer.list()).toEqual([]);
  });

  it('is refused as long as the platform has no domain, and the refusal names the setting', async () => {
    const officer = officerInMemory(await annAndBob(), configOf());
    await expect(officer.file({ ...filing(1), callbacks: [tool] }, ['user_id:ann'])).rejects.toThrow(
      'set privacy.openDsrDomain in cdp.config.ts',
    );
  });

  it('calls nobody when an officer files and does it; the hourly function then tells each state once, in order', async () => {
    const table = await annAndBob(config);
    const to = receivers();
    const officer = officerInMemory(table, config);
    await fileAndRun(officer, { ...filing(1), callbacks: [tool, other] }, 'user_id:ann');
    await fileAndRun(officer, { ...filing(2, 'access'), callbacks: [tool] }, 'user_id:bob');
    expect(to.heard.size).toBe(0);
    for (const hour of [1, 2]) expect(await hourOf(table, hour, to)).toEqual({ warnings: [], error: undefined });
    expect(to.heard.get('tool.example')).toEqual([
      ...['1 pending', '1 in_progress', '1 completed', '2 pending', '2 in_progress'],
    ]);
    expect(to.heard.get('other.example')).toEqual(['1 pending', '1 in_progress', '1 completed']);
    await officer.cancel(requestIdOf(2));
    await hourOf(table, 3, to);
    expect(to.heard.get('tool.example')?.at(-1)).toBe('2 cancelled');
    expect(JSON.stringify(await officer.list())).not.toContain('token');
  });

  it('tells again what a receiver did not take, holds up no other, and logs no address', async () => {
    const table = await annAndBob(config);
    const to = receivers((url, hour) => (url === tool && hour < 3 ? failed('HTTPError 500') : told));
    const officer = officerInMemory(table, config);
    await fileAndRun(officer, { ...filing(1), callbacks: [tool, other] }, 'user_id:ann');
    const warnings = [['callbacks failed, and are tried again', { 'HTTPError 500': '1' }]];
    for (const hour of [1, 2]) expect(await hourOf(table, hour, to)).toEqual({ warnings, error: undefined });
    expect(to.heard.get('tool.example')).toEqual(['1 pending', '1 pending']);
    expect(to.heard.get('other.example')).toEqual(['1 pending', '1 in_progress', '1 completed']);
    expect((await officer.list())[0]?.callbacks?.[0]).toMatchObject({ failingSince: at(1), reason: 'HTTPError 500' });
    await hourOf(table, 3, to);
    expect(to.heard.get('tool.example')).toEqual([
      ...['1 pending', '1 pending', '1 pending', '1 in_progress', '1 completed'],
    ]);
  });

  it('gives up after three days, which fails the function once, and still tells what comes later', async () => {
    const table = await annAndBob(config);
    const to = receivers((_, hour) => (hour < 80 ? failed('Redirected') : told));
    await fileAndRun(officerInMemory(table, config), { ...filing(1, 'access'), callbacks: [tool] }, 'user_id:ann');
    const failures: unknown[] = [];
    for (let hour = 1; hour <= 75; hour++) {
      const { error, warnings } = await hourOf(table, hour, to);
      if (error !== undefined) failures.push([hour, error, warnings]);
    }
    const gone = { requestId: requestIdOf(1), status: 'pending', reason: 'Redirected' };
    expect(failures).toEqual([
      [73, '1 callbacks were given up', [['a callback failed too long, and is not tried again', gone]]],
    ]);
    await hourOf(table, 80, to);
    expect(to.heard.get('tool.example')?.at(-1)).toBe('1 in_progress');
    const [request] = await officerInMemory(table, config).list();
    expect(request?.callbacks).toEqual([{ url: tool, told: 2, gaveUp: [{ status: 'pending', reason: 'Redirected' }] }]);
  });

  it('asks a receiver once an hour that gives no answer, and what was not tried does not count as tried', async () => {
    const table = await annAndBob(config);
    const to = receivers((url) => (url === tool ? failed('AnswerTooLate', false) : told));
    const officer = officerInMemory(table, config);
    for (const n of [1, 2, 3]) await fileAndRun(officer, { ...filing(n), callbacks: [tool, other] }, 'user_id:ann');
    const since = async () => (await officer.list()).map(({ callbacks }) => callbacks?.[0]?.failingSince);
    const { warnings } = await hourOf(table, 1, to);
    expect(warnings).toEqual([['callbacks failed, and are tried again', { AnswerTooLate: '3' }]]);
    expect(to.heard.get('tool.example')).toEqual(['1 pending']);
    expect(to.heard.get('other.example')).toHaveLength(9);
    expect(await since()).toEqual([at(1), undefined, undefined]);
    for (const hour of [2, 3, 4]) await hourOf(table, hour, to);
    expect(to.heard.get('tool.example')).toEqual(['1 pending', '2 pending', '3 pending', '1 pending']);
    expect(await since()).toEqual([at(1), at(2), at(3)]);
  });

  it('is told in the next hour beside an address of its receiver that never answers, which alone is given up', async () => {
    const table = await annAndBob(config);
    const slow = 'https://tool.example/slow';
    const to = receivers((url) => (url === slow ? failed('AnswerTooLate', false) : told));
    const officer = officerInMemory(table, config);
    const errors: unknown[] = [];
    const filed = (n: number, url: string) =>
      fileAndRun(officer, { ...filing(n, 'access'), callbacks: [url] }, 'user_id:ann');
    await filed(1, slow);
    for (let hour = 1; hour <= 74; hour++) {
      if (hour === 60) await filed(2, tool);
      const { error } = await hourOf(table, hour, to);
      if (error !== undefined) errors.push([hour, error]);
      if (hour === 60)
        expect(to.heard.get('tool.example')?.slice(-3)).toEqual(['2 pending', '2 in_progress', '1 pending']);
    }
    expect(errors).toEqual([[73, '1 callbacks were given up']]);
    const lost = (await officer.list()).map(({ callbacks }) => callbacks?.[0]?.gaveUp?.map(({ status }) => status));
    expect(lost).toEqual([['pending'], undefined]);
  });

  it('that fails does not ring because an address of its host, of which only that is kept, was given up', async () => {
    const table = await annAndBob(config);
    const officer = officerInMemory(table, config);
    await officer.file({ ...filing(1, 'access'), callbacks: [tool, tool] }, ['user_id:ann']);
    await officer.cancel(requestIdOf(1));
    const { requests } = table.forOfficers();
    const { request, version } = (await requests.find(requestIdOf(1))) ?? expect.fail('it was filed');
    const gaveUp = [{ status: 'pending' as const, reason: 'HTTPError 404' }];
    const forgotten = { url: new URL(tool).origin, told: 2, gaveUp };
    await requests.put({ version, request: { ...request, callbacks: [forgotten, { url: tool, told: 0 }] } });
    const to = receivers(() => failed('HTTPError 404'));
    for (const hour of [1, 2, 72]) expect(await hourOf(table, hour, to)).toMatchObject({ error: undefined });
    expect(await hourOf(table, 73, to)).toMatchObject({ error: '1 callbacks were given up' });
  });

  it('is given up in its turn if its receiver is gone, however many newer ones there are', async () => {
    const table = await annAndBob(config);
    const to = receivers(() => failed('AnswerTooLate', false));
    const officer = officerInMemory(table, config);
    await fileAndRun(officer, { ...filing(1, 'access'), callbacks: [tool] }, 'user_id:ann');
    for (let n = 2; n <= 90; n++) await officer.file({ ...filing(n, 'access'), callbacks: [tool] }, ['user_id:bob']);
    const lost: number[] = [];
    for (let hour = 1; hour <= 76; hour++) if ((await hourOf(table, hour, to)).error !== undefined) lost.push(hour);
    expect(lost).toEqual([73, 74, 75, 76]);
  });

  it('fails the function if a call cannot be noted, in words of its own', async () => {
    const table = await annAndBob(config);
    const to = receivers();
    await fileAndRun(officerInMemory(table, config), { ...filing(1), callbacks: [tool, other] }, 'user_id:ann');
    const requests = { ...table.forOfficers().requests, put: () => Promise.reject(new TypeError(tool)) };
    const warning = ['a callback could not be made or noted', { requestId: requestIdOf(1), error: 'TypeError' }];
    expect(await hourOf(table, 1, { ...to, requests })).toEqual({
      ...{ warnings: [warning, warning], error: '2 callbacks could not be made or noted' },
    });
  });

  it('waits, and fails the function, once the platform has no domain any more', async () => {
    const table = await annAndBob(config);
    await fileAndRun(officerInMemory(table, config), { ...filing(1), callbacks: [tool, other] }, 'user_id:ann');
    const before = await officerInMemory(table, config).list();
    const warnings = [
      ['a callback could not be made or noted', { requestId: requestIdOf(1), error: 'NoOpenDsrDomain' }],
    ];
    const error = '1 callbacks could not be made or noted';
    for (const hour of [1, 99]) expect(await hourOf(table, hour, { post: undefined })).toEqual({ warnings, error });
    expect(await officerInMemory(table, config).list()).toEqual(before);
    const to = receivers();
    expect(await hourOf(table, 100, to)).toEqual({ warnings: [], error: undefined });
    expect(to.heard.get('tool.example')).toEqual(['1 pending', '1 in_progress', '1 completed']);
  });

  it('is not called after the time of the function, and is an hour later', async () => {
    const table = await annAndBob(config);
    const to = receivers();
    await fileAndRun(officerInMemory(table, config), { ...filing(1), callbacks: [tool] }, 'user_id:ann');
    expect(await caller(table, to)(at(0))).toMatchObject({ told: 0 });
    expect(await caller(table, to)(at(1))).toMatchObject({ told: 3 });
  });

  it('loses nothing if an officer writes to it meanwhile', async () => {
    const table = await annAndBob(config);
    const officer = officerInMemory(table, config);
    await fileAndRun(officer, { ...filing(1, 'access'), callbacks: [tool] }, 'user_id:ann');
    const to = receivers();
    const post: CallBackDeps['post'] = async (url, body) => {
      if (to.heard.size === 0) await officer.cancel(requestIdOf(1));
      return to.post(url, body);
    };
    expect(await caller(table, { post })()).toMatchObject({ told: 3, failed: [] });
    expect(to.heard.get('tool.example')).toEqual(['1 pending', '1 in_progress', '1 cancelled']);
    expect((await officer.list())[0]).toMatchObject({ state: 'cancelled', callbacks: [{ told: 3 }] });
  });

  it('is told everything at least once and in order, whatever await the function dies at', async () => {
    let deaths = 0;
    for (let nth = 1, isOver = false; !isOver; nth++)
      for (const after of [false, true]) {
        const table = await annAndBob(config);
        const officer = officerInMemory(table, config);
        await fileAndRun(officer, { ...filing(1), callbacks: [tool, other] }, 'user_id:ann');
        const to = receivers();
        let calls = 0;
        const mortal =
          <Given extends unknown[], Result>(act: (...given: Given) => Promise<Result>) =>
          async (...given: Given): Promise<Result> => {
            calls += 1;
            if (calls > nth || (calls === nth && !after)) throw new Died();
            const result = await act(...given);
            if (calls >= nth) throw new Died();
            return result;
          };
        const { find, put, all } = table.forOfficers().requests;
        const requests = { find: mortal(find), put: mortal(put), all: mortal(all) };
        await caller(table, { requests, post: mortal((url, body) => to.post(url, body)) })().catch(() => undefined);
        isOver = calls < nth;
        if (!isOver) deaths += 1;
        const { failed: undone } = await caller(table, to)();
        expect(undone).toEqual([]);
        for (const [host, heard] of to.heard) {
          const firsts = [...new Set(heard)];
          expect(firsts, `${host}, death at call ${nth}`).toEqual(['1 pending', '1 in_progress', '1 completed']);
          expect(heard.length).toBeLessThanOrEqual(4);
        }
        expect(to.heard.size).toBe(2);
        expect((await officer.list())[0]?.callbacks).toEqual([
          { url: 'https://tool.example', told: 3 },
          { url: 'https://other.example', told: 3 },
        ]);
      }
    expect(deaths).toBeGreaterThan(30);
  });
});
