import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect, it } from 'vitest';
import { ofDestinations } from '../../../lambdas/adapters/queues/of-destinations.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const ssm = mockClient(SSMClient);
const names = Array.from({ length: 12 }, (_, n) => `part-${n}`);
const answer = ({ Name = '' }: { Name?: string }) => ({
  Parameter: { Name, Value: JSON.stringify({ [`of-${Name}`]: `https://sqs/${Name}` }) },
});

it('reads the URLs of all queues once, and again when they are forgotten', async () => {
  ssm.on(GetParameterCommand).callsFake(answer);
  const urls = ofDestinations(new SSMClient({}), () => names);
  expect(await Promise.all(['of-part-0', 'of-part-11', 'nobody'].map(urls.of))).toEqual([
    'https://sqs/part-0',
    'https://sqs/part-11',
    undefined,
  ]);
  expect(ssm.commandCalls(GetParameterCommand)).toHaveLength(12);
  urls.forget();
  await urls.of('of-part-0');
  expect(ssm.commandCalls(GetParameterCommand)).toHaveLength(24);
});

it('fails while the parameters cannot be read, and reads them again', async () => {
  ssm.reset();
  ssm.on(GetParameterCommand).rejectsOnce(new Error('throttled')).callsFake(answer);
  const urls = ofDestinations(new SSMClient({}), () => names.slice(0, 1));
  await expect(urls.of('of-part-0')).rejects.toThrow('throttled');
  expect(await urls.of('of-part-0')).toBe('https://sqs/part-0');
});
