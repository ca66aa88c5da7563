import { describe, expect, it } from 'vitest';
import { CallbackAddresses } from '../../../lambdas/core/privacy/callback.ts';
import {
  afterFailed,
  afterTold,
  callBody,
  lostCalls,
  openCalls,
  withReached,
} from '../../../lambdas/core/privacy/calling-back.ts';
import { readOpenDsr } from '../../../lambdas/core/privacy/open-dsr.ts';
import { received, type StoredRequest } from '../../../lambdas/core/privacy/request.ts';

const url = 'https://tool.example/callbacks?token=abc';
const at = (hour: number): string => new Date(Date.UTC(2026, 4, 1, 12 + hour)).toISOString();
const filed = (...callbacks: readonly string[]): StoredRequest =>
  withReached(
    received(
      {
        ...{ requestId: 'a7551968-d5d6-44b2-9831-815ac9017798', type: 'erasure', regulation: 'gdpr' },
        ...{ submittedAt: at(-1), callbacks },
      },
      { receivedAt: at(0), answerBy: '2026-05-29T11:00:00.000Z' },
      { keys: ['k'], profileIds: [] },
    ),
  );
const turnedTo = (request: StoredRequest, state: StoredRequest['state']) => withReached({ ...request, state });
const turned = (request: StoredRequest, ...states: readonly StoredRequest['state'][]): StoredRequest =>
  states.reduce(turnedTo, request);

describe('an address to call back', () => {
  it.each([url, 'https://tool.example', 'HTTPS://Tool.example:8443/a%20b', 'https://xn--tool-goa.example/'])(
    'may be %s',
    (address) => expect(CallbackAddresses.safeParse([address]).success).toBe(true),
  );

  it.each([
    { address: 'http://tool.example/', problem: 'must begin with https:' },
    { address: 'ftp://tool.example/', problem: 'must begin with https:' },
    { address: 'https://ann:secret@tool.example/', problem: 'must have no user and no password' },
    { address: 'https://ann@tool.example/', problem: 'must have no user and no password' },
    { address: 'https://tool.example/#part', problem: 'must have no fragment' },
    { address: 'tool.example/callbacks', problem: 'must be an address without spaces' },
    { address: ' https://tool.example/', problem: 'must be an address without spaces' },
    { address: 'https://tool.example/\n', problem: 'must be an address without spaces' },
    { address: 'https://tööl.example/', problem: 'must be an address without spaces' },
    { address: '', problem: 'must be an address without spaces' },
    { address: 'https://tool.example/'.padEnd(2_049, 'x'), problem: 'must have at most 2048 characters' },
  ])('is refused: $problem', ({ address, problem }) => {
    const { error } = CallbackAddresses.safeParse(['https://tool.example/', address]);
    expect(error?.issues).toMatchObject([{ path: [1], message: expect.stringContaining(problem) }]);
    expect(JSON.stringify(error?.issues)).not.toMatch(/tool|ann/);
  });

  it('has 2,048 characters at most, and is one of ten', () => {
    const long = 'https://tool.example/'.padEnd(2_048, 'x');
    expect(CallbackAddresses.safeParse([long]).success).toBe(true);
    expect(CallbackAddresses.safeParse([`${long}x`]).success).toBe(false);
    const many = (n: number) => Array.from({ length: n }, (_, i) => `https://tool.example/${i}`);
    expect(CallbackAddresses.safeParse(many(10)).success).toBe(true);
    expect(CallbackAddresses.safeParse(many(11)).error?.issues[0]?.message).toBe('must be 10 addresses at most');
  });

  it('is read of the form of OpenDSR, whose problem names its place', () => {
    const body = {
      ...{ subject_request_id: 'a7551968-d5d6-44b2-9831-815ac9017798', subject_request_type: 'erasure' },
      ...{ regulation: 'gdpr', submitted_time: '2026-01-31T15:00:00Z' },
      subject_identities: [{ identity_type: 'email', identity_value: 'a@x.org', identity_format: 'raw' }],
    };
    expect(readOpenDsr({ ...body, status_callback_urls: [url] })).toMatchObject({ filing: { callbacks: [url] } });
    expect(readOpenDsr({ ...body, status_callback_urls: [url, 'http://x.org'] })).toEqual({
      ...{ ok: false, problem: 'status_callback_urls[1] must begin with https:' },
    });
    expect(readOpenDsr({ ...body, status_callback_urls: url })).toMatchObject({
      problem: 'status_callback_urls must be a list of addresses',
    });
  });
});

describe('what an address is told', () => {
  it('has nothing of the person but the id of the request', () =>
    expect(callBody(turned(filed(url), 'running'), { url, status: 'in_progress' })).toBe(
      '{"controller_id":"self","expected_completion_time":"2026-05-29T11:00:00.000Z",' +
        `"status_callback_url":"${url}","subject_request_id":"a7551968-d5d6-44b2-9831-815ac9017798",` +
        '"request_status":"in_progress"}',
    ));

  it('of a status from before the end, when an answer is due; of the end, when that was', () => {
    const done = turned({ ...filed(url), completedAt: at(9) }, 'completed');
    const expected = (status: 'pending' | 'completed') =>
      JSON.parse(callBody(done, { url, status })).expected_completion_time;
    expect([expected('pending'), expected('completed')]).toEqual(['2026-05-29T11:00:00.000Z', at(9)]);
  });

  it('is each status that was reached, once and in order, and states of one status are one', () => {
    let request = turned(filed(url, url), 'running', 'waiting', 'waiting', 'completed');
    const told: string[] = [];
    for (let [call] = openCalls(request); call !== undefined; [call] = openCalls(request)) {
      told.push(call.status);
      request = afterTold(request, call);
    }
    expect(told).toEqual(['pending', 'in_progress', 'completed']);
    expect(request.callbacks).toEqual([{ url: 'https://tool.example', told: 3 }]);
  });

  it('of a cancelled one is that it was cancelled, and nothing is noted where nobody is called', () => {
    expect(turned(filed(url), 'cancelled').reached).toEqual(['pending', 'cancelled']);
    expect(turned(filed(), 'running', 'completed')).not.toHaveProperty('reached');
  });
});

describe('a call that fails', () => {
  const call = { url, status: 'pending' } as const;
  const fail = (request: StoredRequest, hour: number) => afterFailed(request, call, { reason: 'X 500', now: at(hour) });

  it('is tried for three days, and then the next status is', () => {
    let request = fail(turned(filed(url), 'running'), 1);
    expect(request.callbacks).toEqual([{ url, told: 0, failingSince: at(1), reason: 'X 500' }]);
    request = fail(request, 72);
    expect([openCalls(request), lostCalls(request)]).toEqual([[{ ...call, failingSince: at(1) }], 0]);
    request = fail(request, 73);
    expect([openCalls(request), lostCalls(request)]).toEqual([[{ url, status: 'in_progress' }], 1]);
    const gaveUp = [{ status: 'pending', reason: 'X 500' }];
    expect(request.callbacks).toEqual([{ url, told: 1, gaveUp }]);
    expect(afterTold(request, { url, status: 'in_progress' }).callbacks).toEqual([{ url, told: 2, gaveUp }]);
  });

  it('changes nothing if another run told it meanwhile', () => {
    const told = afterTold(turned(filed(url), 'running'), call);
    expect(fail(told, 99)).toEqual(told);
    expect(afterTold(told, call)).toEqual(told);
  });

  it('leaves nothing of a secret in the address, once there is nothing left to tell', () => {
    let request = fail(turned(filed(url, 'https://other.example/'), 'cancelled'), 0);
    for (const status of ['pending', 'cancelled'] as const)
      request = afterFailed(request, { url, status }, { reason: 'X', now: at(72) });
    request = afterFailed(request, { url, status: 'cancelled' }, { reason: 'X', now: at(144) });
    expect(JSON.stringify(request)).not.toContain('token');
    expect(openCalls(request)).toEqual([{ url: 'https://other.example/', status: 'pending' }]);
    expect(lostCalls(request)).toBe(2);
  });
});
