import { describe, expect, it } from 'vitest';
import { openDsrStatus, readOpenDsr } from '../../../lambdas/core/privacy/open-dsr.ts';
import type { StoredRequest } from '../../../lambdas/core/privacy/request.ts';

const identity = { identity_type: 'email', identity_value: 'ann@example.com', identity_format: 'raw' };
const request = {
  subject_request_id: 'a7551968-d5d6-44b2-9831-815ac9017798',
  subject_request_type: 'suppress',
  regulation: 'gdpr',
  submitted_time: '2026-01-31T15:00:00+01:00',
  subject_identities: [identity],
  api_version: '2.0',
};

describe('a request in the form of OpenDSR', () => {
  it('is read, with the types of its identities as ours', () => {
    const others = [
      ['controller_customer_id', 'u-1', 'user_id:u-1'],
      ['ios_vendor_id', 'v-1', 'ios.id:v-1'],
      ['phone', '+12015550123', 'phone:+12015550123'],
    ];
    const identities = others.map(([identity_type, identity_value]) => ({
      ...identity,
      identity_type,
      identity_value,
    }));
    expect(readOpenDsr({ ...request, subject_identities: [identity, ...identities] })).toEqual({
      ok: true,
      filing: {
        requestId: request.subject_request_id,
        type: 'suppress',
        regulation: 'gdpr',
        submittedAt: '2026-01-31T14:00:00.000Z',
      },
      identifiers: ['email:ann@example.com', ...others.map(([, , ours]) => ours)],
    });
  });

  it.each(['access', 'portability', 'erasure'])('of the type %s is read, as OpenDSR names it', (subject_request_type) =>
    expect(readOpenDsr({ ...request, subject_request_type })).toMatchObject({ filing: { type: subject_request_type } }),
  );

  it.each([
    { body: [], problem: 'the body must be a JSON object' },
    { body: { ...request, subject_request_id: '7' }, problem: 'subject_request_id must be a UUID of version 4' },
    {
      body: { ...request, subject_request_type: 'rectification' },
      problem:
        'subject_request_type must be one of erasure, suppress, unsuppress, access, portability, opt_out, rectify',
    },
    { body: { ...request, regulation: 'lgpd' }, problem: 'regulation must be one of gdpr, ccpa' },
    { body: { ...request, submitted_time: 'today' }, problem: /^submitted_time must be a time of RFC 3339/ },
    { body: { ...request, subject_identities: [] }, problem: 'subject_identities must name at least one identity' },
    {
      body: { ...request, subject_identities: [{ ...identity, identity_format: 'sha256' }] },
      problem: /^subject_identities\[0\]\.identity_format must be raw/,
    },
    { body: { ...request, purposes: 'ads' }, problem: 'purposes must be a list of keys of purposes' },
    { body: { ...request, traits: ['city'] }, problem: 'traits must be an object of right values by names of traits' },
  ])('$problem', ({ body, problem }) => {
    const read = readOpenDsr(body);
    expect(read.ok ? '' : read.problem).toMatch(problem);
    expect(JSON.stringify(read)).not.toContain('ann@example.com');
  });
});

it.each([
  { state: 'received', status: 'pending' },
  { state: 'running', status: 'in_progress' },
  { state: 'completed', status: 'completed' },
  { state: 'cancelled', status: 'cancelled' },
] as const)('says $status of a request that is $state', ({ state, status }) => {
  const stored: StoredRequest = {
    ...{ requestId: 'r', type: 'suppress', regulation: 'gdpr', state, keys: ['k'], profileIds: [] },
    ...{ submittedAt: '2026-01-01T00:00:00.000Z', receivedAt: '2026-01-02T00:00:00.000Z' },
    answerBy: '2026-01-29T00:00:00.000Z',
  };
  expect(openDsrStatus(stored)).toMatchObject({
    controller_id: 'self',
    request_status: status,
    api_version: '2.0',
  });
});
