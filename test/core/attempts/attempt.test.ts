import { expect, it } from 'vitest';
import { type Attempt, attemptEnds, attemptLine, recordedName } from '../../../lambdas/core/attempts/attempt.ts';
import { reasonCodeOf, reasonCodes } from '../../../lambdas/core/attempts/reason-code.ts';
import { outcomeOf } from '../../../lambdas/core/destinations/outcome.ts';
import { sharedCases } from '../../fixtures/shared-rules.ts';

it.each(sharedCases<Attempt, object>('attempts'))(
  'writes the line that the lake reads: $name',
  ({ input: attempt }) => {
    expect(JSON.parse(attemptLine({ redriven: undefined, ...attempt }))).toEqual(attempt);
    expect(attemptEnds).toContain(attempt.outcome);
    expect([...reasonCodes, undefined]).toContain(attempt.reason);
  },
);

it.each([
  ['Order Completed', 'Order Completed'],
  ['Bestellung fertig: Größe 42', 'Bestellung fertig: Größe 42'],
  ['Order 12345', 'other'],
  ['Mail to ann@example.com', 'other'],
  ['Called 01234 56789', 'other'],
  ['x'.repeat(101), 'other'],
])('records of the name %s: %s', (name, recorded) => expect(recordedName(name)).toBe(recorded));

const answer = (status: number) => Object.assign(new Error(), { name: 'HTTPError', status });
const named = (name: string) => Object.assign(new Error(), { name });
it.each([
  [answer(400), 'client_error'],
  [answer(401), 'unauthorized'],
  [answer(403), 'forbidden'],
  [answer(404), 'not_found'],
  [answer(408), 'timeout'],
  [answer(409), 'conflict'],
  [answer(413), 'too_large'],
  [answer(422), 'invalid_payload'],
  [answer(429), 'too_many_requests'],
  [answer(500), 'server_error'],
  [answer(503), 'server_error'],
  [named('AnswerTooLate'), 'timeout'],
  [named('ConnectionFailed'), 'connection'],
  [named('ForbiddenAddress'), 'forbidden_address'],
  [named('Redirected'), 'redirected'],
  [named('DestinationNotConfigured'), 'not_configured'],
  [named('PayloadValidationError'), 'invalid_payload'],
  [named('ThrottlingException'), 'aws'],
  [new TypeError('ann@example.com'), 'other'],
  [named('ann@example.com'), 'other'],
])('%o has the code %s', (thrown, code) => expect(reasonCodeOf(outcomeOf(thrown, 1))).toBe(code));

it('gives no reason for what was delivered', () =>
  expect(reasonCodeOf({ kind: 'delivered', requests: 1 })).toBeUndefined());
