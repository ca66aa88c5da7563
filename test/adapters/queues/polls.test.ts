import {
  type EventSourceMappingConfiguration,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { beforeEach, expect, it } from 'vitest';
import { pollsOf } from '../../../lambdas/adapters/queues/polls.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const lambda = mockClient(LambdaClient);
const queues = {
  of: async (id: string) => (id === 'crm' ? 'https://sqs.eu-west-1.amazonaws.com/111122223333/Queue' : undefined),
  forget: () => {},
};
const polls = (region = 'eu-west-1') => pollsOf(new LambdaClient({}), queues, region);
const found = (...EventSourceMappings: EventSourceMappingConfiguration[]) =>
  lambda.on(ListEventSourceMappingsCommand).resolves({ EventSourceMappings });
beforeEach(() => lambda.reset());

it.each([
  ['Enabled', 'on'],
  ['Disabled', 'off'],
  ['Enabling', 'switching'],
  ['Disabling', 'switching'],
  ['Updating', 'switching'],
])('a mapping that is %s is %s', async (State, state) => {
  found({ UUID: 'm1', State });
  expect((await polls()('crm')).state).toBe(state);
});

it.each([
  ['eu-west-1', 'arn:aws:sqs:eu-west-1:111122223333:Queue'],
  ['cn-north-1', 'arn:aws-cn:sqs:cn-north-1:111122223333:Queue'],
  ['us-gov-west-1', 'arn:aws-us-gov:sqs:us-gov-west-1:111122223333:Queue'],
])('asks in %s for the mapping of %s, and switches that one', async (region, EventSourceArn) => {
  found({ UUID: 'm1', State: 'Enabled' });
  lambda.on(UpdateEventSourceMappingCommand).resolves({});
  await (await polls(region)('crm')).turn(false);
  expect(lambda.commandCalls(ListEventSourceMappingsCommand)[0]?.args[0].input).toEqual({ EventSourceArn });
  expect(lambda.commandCalls(UpdateEventSourceMappingCommand)[0]?.args[0].input).toEqual({
    UUID: 'm1',
    Enabled: false,
  });
});

it.each([
  ['ResourceInUseException', true],
  ['TooManyRequestsException', true],
  ['AccessDeniedException', false],
])('a switch that ends in %s is left to the next minute: %s', async (name, passes) => {
  found({ UUID: 'm1', State: 'Enabled' });
  lambda.on(UpdateEventSourceMappingCommand).rejects(Object.assign(new Error(), { name }));
  const turned = (await polls()('crm')).turn(true);
  if (passes) await turned;
  else await expect(turned).rejects.toThrow(expect.objectContaining({ name }));
});

it.each(['crm', 'unknown'])('nothing that polls the queue of %s is a fault', async (id) => {
  found();
  await expect(polls()(id)).rejects.toThrow(expect.objectContaining({ name: 'NoMapping' }));
});
