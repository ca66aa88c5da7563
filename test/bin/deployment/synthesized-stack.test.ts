import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { afterAll, expect, it } from 'vitest';
import { synthesizedStack } from '../../../bin/deployment/synthesized-stack.ts';

const folder = mkdtempSync(join(tmpdir(), 'cdp-synthesized-'));
afterAll(() => rmSync(folder, { recursive: true }));

const app = new App({ outdir: folder });
const stacks = [
  new Stack(app, 'Cdp'),
  new Stack(app, 'Named', { stackName: 'shop' }),
  new Stack(new Stage(app, 'dev'), 'Cdp'),
];
for (const [at, stack] of stacks.entries()) new CfnResource(stack, `Kind${at}`, { type: 'AWS::SNS::Topic' });
app.synth();

it.each([
  { name: 'Cdp', selector: 'Cdp', holds: 'Kind0' },
  { name: 'shop', selector: 'Named', holds: 'Kind1' },
  { name: 'dev-Cdp', selector: 'dev/Cdp', holds: 'Kind2' },
])('finds the stack $name, which the CDK calls $selector', ({ name, selector, holds }) => {
  const found = synthesizedStack(name, folder);
  expect([found.selector, Object.keys(found.template.Resources)]).toEqual([selector, expect.arrayContaining([holds])]);
});

it('says which stacks there are', () =>
  expect(() => synthesizedStack('Nope', folder)).toThrow(/has no stack Nope; it has .*dev-Cdp/));

it('says when nothing was synthesized', () =>
  expect(() => synthesizedStack('Cdp', join(folder, 'nowhere'))).toThrow('npm run synth makes it'));
