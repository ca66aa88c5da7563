import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect, it } from 'vitest';
import { queueUrls } from '../../../lambdas/adapters/queues/queue-urls.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const ssm = mockClient(SSMClient);
const names = Array.from({ length: 12 }, (_, n) => `part-${n}`);
const answer = ({ Names = [] }: { Names?: string[] }) => ({
  Parameters: Names.map((name) => ({ Name: name, Value: JSON.stringify({ [`of-${name}`]: `https://sqs/${name}` }) })),
});

it('reads the URLs of all queues once, ten parameters at a time, and again when they are forgotten', async () => {
  ssm.on(GetParametersCommand).callsFake(answer);
  const urls = queueUrls(new SSMClient({}), names);
  expect(await Promise.all(['of-part-0', 'of-part-11', 'nobody'].map(urls.of))).toEqual([
    'https://sqs/part-0',
    'https://sqs/part-11',
    undefined,
  ]);
  expect(ssm.commandCalls(GetParametersCommand)).toHaveLength(2);
  urls.forget();
  await urls.of('of-part-0');
  expect(ssm.commandCalls(GetParametersCommand)).toHaveLength(4);
});

it('knows no URL while the parameters cannot be read, and reads them again', async () => {
  ssm.reset();
  ssm.on(GetParametersCommand).rejectsOnce(new Error('throttled')).callsFake(answer);
  const urls = queueUrls(new SSMClient({}), names.slice(0, 1));
  expect(await urls.of('of-part-0')).toBeUndefined();
  expect(await urls.of('of-part-0')).toBe('https://sqs/part-0');
});
