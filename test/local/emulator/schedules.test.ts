import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { deployShared, type EmulatedStack } from '../stack/emulated-stack.ts';
import { eventually } from '../stack/eventually.ts';
import { Oracle } from '../stack/oracle.ts';
import { getAtt, oracleFunction, role } from '../stack/template-parts.ts';

vi.setConfig({ testTimeout: 120_000 });

const oracle = new Oracle();
let stack: EmulatedStack;

const everyMinute = (functionId: string, roleId: string, Input: string) => ({
  Type: 'AWS::Scheduler::Schedule',
  Properties: {
    ScheduleExpression: 'rate(1 minute)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: getAtt(functionId, 'Arn'), RoleArn: getAtt(roleId, 'Arn'), Input },
  },
});

beforeAll(async () => {
  const url = await oracle.start();
  stack = await deployShared({
    Resources: {
      Runs: role('lambda', []),
      MayStart: role('scheduler', ['lambda:InvokeFunction']),
      MayNot: role('scheduler', ['lambda:ListFunctions']),
      Started: oracleFunction(url, 'started', 'Runs'),
      Refused: oracleFunction(url, 'refused', 'Runs'),
      First: everyMinute('Started', 'MayStart', '{"slice":0}'),
      Second: everyMinute('Started', 'MayStart', '{"slice":1}'),
      Third: everyMinute('Refused', 'MayNot', '{"slice":2}'),
    },
  });
}, 60_000);

afterAll(async () => {
  oracle.stop();
  await stack?.stop();
});

it('start functions with their input, if their role may', async () => {
  const heard: unknown[] = [];
  for (const name of ['started', 'refused']) oracle.answers(name, (event) => heard.push(event));
  await eventually('both starts', async () => (heard.length >= 2 ? heard : undefined), 90_000);
  expect(heard.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))).toEqual([
    { slice: 0 },
    { slice: 1 },
  ]);
});
