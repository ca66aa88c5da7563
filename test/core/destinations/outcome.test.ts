import { describe, expect, it } from 'vitest';
import { endingOfCode } from '../../../lambdas/core/destinations/aws-codes.ts';
import { outcomeOf } from '../../../lambdas/core/destinations/outcome.ts';

const thrown = (name: string, more: object = {}): Error =>
  Object.assign(new Error('ann@example.com'), { name, ...more });
const answered = (status: number, retryAfter: string | null = null): Error =>
  thrown('HTTPError', { response: { status, headers: { get: () => retryAfter } } });

describe('the status of an answer decides', () => {
  it.each([408, 423, 425, 429, 500, 502, 503, 504, 599])('%i: another try', (status) =>
    expect(outcomeOf(answered(status), 1)).toEqual({
      kind: 'retry',
      reason: `HTTPError ${status}`,
      status,
      requests: 1,
    }),
  );
  it.each([300, 302, 400, 402, 403, 404, 405, 409, 410, 411, 413, 422, 424, 451, 501])('%i: never again', (status) =>
    expect(outcomeOf(answered(status))).toMatchObject({ kind: 'refused', status }),
  );
  it.each([
    { name: 'an answer', error: answered(401) },
    {
      name: 'a destination',
      error: thrown('InvalidAuthenticationError', { status: 401, code: 'INVALID_AUTHENTICATION' }),
    },
  ])('401 of $name: unauthorized', ({ error }) => expect(outcomeOf(error).kind).toBe('unauthorized'));
  it.each(['120', 'Wed, 21 Oct 2026 07:28:00 GMT'])('hands on Retry-After as it was sent: %s', (after) =>
    expect(outcomeOf(answered(429, after))).toMatchObject({ kind: 'retry', after }),
  );
  it.each([
    { where: 'in the error', error: thrown('APIError', { status: 503 }) },
    { where: "in the AWS SDK's metadata", error: thrown('Internal', { $metadata: { httpStatusCode: 503 } }) },
  ])('also when it is $where', ({ error }) => expect(outcomeOf(error)).toMatchObject({ kind: 'retry', status: 503 }));
});

describe('without a status, the kind of error decides', () => {
  it.each([
    thrown('FetchError', { type: 'system', code: 'ECONNRESET' }),
    thrown('FetchError', { type: 'body-timeout' }),
    thrown('FetchError', { type: 'request-timeout' }),
    thrown('TimeoutError', { code: 'ETIMEDOUT' }),
    thrown('Error', { code: 'ECONNREFUSED' }),
    thrown('Error', { code: 'ENOTFOUND' }),
    thrown('RetryableError', { status: 500 }),
    thrown('KafkaJSConnectionError', { retriable: true }),
    thrown('ThrottlingException', { $retryable: { throttling: true }, $metadata: { httpStatusCode: 400 } }),
    thrown('AnswerTooLate'),
    thrown('Unread'),
  ])('%o: another try', (error) => {
    const outcome = outcomeOf(error);
    expect(outcome.kind).toBe('retry');
    expect(outcome).not.toHaveProperty('mostTries');
  });
  it.each([
    thrown('FetchError', { type: 'no-redirect' }),
    thrown('FetchError', { type: 'max-size' }),
    thrown('PayloadValidationError', { status: 400 }),
    thrown('ForbiddenAddress'),
    thrown('Redirected'),
    thrown('KafkaJSProtocolError', { retriable: false }),
  ])('%o: never again', (error) => expect(outcomeOf(error).kind).toBe('refused'));
  it.each([
    new TypeError('x'),
    thrown('IntegrationError'),
    'a text',
    undefined,
    null,
    { status: '503' },
    answered(200),
  ])('%o is unknown: three tries', (error) => expect(outcomeOf(error)).toMatchObject({ kind: 'retry', mostTries: 3 }));
});

it.each(['DestinationNotConfigured', 'ToolNotConfigured'])('%s waits for an operator, and is no dead letter', (name) =>
  expect(outcomeOf(thrown(name))).toEqual({ kind: 'unauthorized', reason: name, requests: 0 }),
);

describe('what AWS answers with status 400 or 403', () => {
  const ofAws = (name: string, status = 400) => outcomeOf(thrown(name, { $metadata: { httpStatusCode: status } }));
  it.each([
    'ProvisionedThroughputExceededException',
    'ThrottlingException',
    'RequestLimitExceeded',
    'RequestThrottled',
    'KmsThrottled',
    'KMS.ThrottlingException',
    'TransactionConflictException',
  ])('%s: another try, however often', (name) => {
    expect(ofAws(name)).toMatchObject({ kind: 'retry' });
    expect(ofAws(name)).not.toHaveProperty('mostTries');
    expect(endingOfCode(name)).toBe('retry');
  });
  it.each([
    'AccessDeniedException',
    'AccessDenied',
    'AuthorizationErrorException',
    'KmsAccessDenied',
    'KMSDisabledException',
    'KmsNotFound',
    'KMSInvalidStateException',
    'UnrecognizedClientException',
    'ExpiredTokenException',
    'InvalidSignatureException',
    'DecryptionFailure',
    'ResourceNotFoundException',
    'QueueDoesNotExist',
    'AWS.SimpleQueueService.NonExistentQueue',
    'NoSuchBucket',
    'NotAuthorizedForDetailTypeException',
    'SendingPausedException',
  ])('%s: every item would fail alike until an operator mends it', (name) => {
    expect(ofAws(name, 403).kind).toBe('unauthorized');
    expect(endingOfCode(name)).toBe('unauthorized');
  });
  it.each([
    'ValidationException',
    'InvalidParameterValue',
    'MessageRejected',
    'InvalidMessageContents',
    'MessageTooLong',
    'MalformedDetail',
  ])('%s: never again, because the item itself is at fault', (name) => {
    expect(ofAws(name).kind).toBe('refused');
    expect(endingOfCode(name)).toBeUndefined();
  });
  it('says nothing of other clients, whose names are their own', () =>
    expect(outcomeOf(thrown('AccessDenied', { status: 403 })).kind).toBe('refused'));
});

it('says nothing of what an error says', () =>
  expect(
    JSON.stringify([outcomeOf(answered(400)), outcomeOf(thrown('TypeError')), outcomeOf('ann@example.com')]),
  ).not.toContain('ann@'));
