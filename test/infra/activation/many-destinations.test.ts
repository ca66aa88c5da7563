import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { config } from '../../../cdp.config.ts';
import { trait } from '../../../lambdas/core/segments/language/people.ts';
import { CdpStack } from '../../../lib/platform/cdp-stack.ts';
import { type PlacedTemplate, templatesOf } from '../../../local/platform/assembly-templates.ts';
import { at, ofType, type Template } from '../rules/template.ts';
import { scratchApp } from '../unbundled.ts';

const ids = Array.from({ length: 200 }, (_, n) => `tool-${n}`);
const segments = Array.from({ length: 1_000 }, (_, n) => ({
  key: `segment_${n}`.padEnd(80, 'x'),
  name: `Segment ${n}`,
  where: trait('score').atLeast(n),
}));

let templates: PlacedTemplate[] = [];
beforeAll(() => {
  const app = scratchApp();
  const destinations = ids.map((id) => ({
    id,
    kind: 'webhook' as const,
    segments: segments.map(({ key }) => key),
    events: { where: 'type = "track"' },
  }));
  // Jobs that read sources take room, too: the page says how much.
  const sources = config.sources.filter(({ kind }) => kind === 'browser' || kind === 'server');
  new CdpStack(app, 'Many', { config: { ...config, sources, segments, destinations }, dashboard: true });
  templates = templatesOf(app.synth().getStackByName('Many').templateFullPath);
}, 300_000);

/** The body of a dashboard; what CloudFormation fills in is a word. */
const readBody = (body: unknown): { widgets: { properties: { metrics?: unknown[][] } }[] } =>
  JSON.parse(
    (at(body as object, 'Fn::Join') as [string, unknown[]])[1]
      .map((part) => (typeof part === 'string' ? part : 'word'))
      .join(''),
  );

const counts = () => templates.map(({ template }) => Object.keys(template.Resources).length);
const largest = (sizes: readonly number[]): number => Math.max(...sizes);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
describe('a stack of 200 destinations, each of which is told of 1,000 segments and of events,', () => {
  it('has a template for each of them, and for each of three dashboards', () =>
    expect(templates).toHaveLength(1 + ids.length + 3));

  it('is within what one template may hold', () => {
    expect(largest(counts())).toBeLessThanOrEqual(500);
    expect(largest(templates.map(({ file }) => readFileSync(file).length))).toBeLessThanOrEqual(1_000_000);
    for (const part of ['Parameters', 'Outputs'])
      expect(
        largest(templates.map(({ template }) => Object.keys(at(template, part) ?? {}).length)),
      ).toBeLessThanOrEqual(200);
  });

  it('has room for 250 in the template of the platform', () => {
    const [platform = 0] = counts();
    expect(platform - ids.length + 250).toBeLessThanOrEqual(500);
  });

  it('is within what one operation may make, change or delete', () => {
    console.log(`${counts().reduce((sum, count) => sum + count)} resources in ${templates.length} templates`);
    expect(counts().reduce((sum, count) => sum + count)).toBeLessThanOrEqual(2_500);
  });

  it('has dashboards within what CloudWatch shows, on which every destination has its four metrics', () => {
    const dashboards = templates.flatMap(({ template }) => ofType(template as Template, 'CloudWatch::Dashboard'));
    const bodies = dashboards.map(([, dashboard]) => readBody(at(dashboard, 'Properties.DashboardBody')));
    const metrics = bodies.map(({ widgets }) => widgets.flatMap(({ properties }) => properties.metrics ?? []));
    expect(bodies).toHaveLength(3);
    expect(largest(metrics.map((each) => each.length))).toBeLessThanOrEqual(500);
    expect(largest(bodies.map(({ widgets }) => widgets.length))).toBeLessThanOrEqual(100);
    const labels = metrics.flat().map((metric) => (metric.at(-1) as { label?: string }).label);
    for (const id of ids)
      expect(
        labels.filter((label) => label === id),
        id,
      ).toHaveLength(4);
    for (const own of ['stitch', 'publish', 'forward']) expect(labels).toContain(own);
  });

  it('has rules whose patterns EventBridge takes, one for each', () => {
    const patterns = templates
      .flatMap(({ template }) => ofType(template as Template, 'Events::Rule'))
      .map(([, rule]) => at(rule, 'Properties.EventPattern'))
      .filter((pattern) => at(pattern, 'detail.destinations') !== undefined);
    expect(patterns.map((pattern) => at(pattern, 'detail.destinations'))).toEqual(ids.map((id) => [id]));
    expect(largest(patterns.map((pattern) => JSON.stringify(pattern).length))).toBeLessThanOrEqual(2_048);
  });

  it('tells functions the queues by parameters, none longer than a free one may be', () => {
    const parameters = templates.flatMap(({ template }) => ofType(template as Template, 'SSM::Parameter'));
    expect(parameters).toHaveLength(10);
    const urlBytes = 'https://sqs.ap-southeast-1.amazonaws.com/111122223333/'.length + 80;
    const idBytes = 40 + '"":"",'.length;
    expect(20 * (urlBytes + idBytes) + 2).toBeLessThanOrEqual(4_096);
    const named = parameters.flatMap(([, parameter]) =>
      ids.filter((id) => JSON.stringify(parameter).includes(`${id}\\"`)),
    );
    expect(new Set(named).size).toBe(ids.length);
  });

  /** Tokens are longer here than what they become. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
  it('has functions whose environments Lambda takes', () => {
    const sizes = templates
      .flatMap(({ template }) => ofType(template as Template, 'Lambda::Function'))
      .map(([, fn]) => JSON.stringify(at(fn, 'Properties.Environment.Variables') ?? {}).length);
    expect(sizes.length).toBeGreaterThan(ids.length);
    expect(largest(sizes)).toBeLessThanOrEqual(4_096);
  });

  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
  it('has roles and policies that IAM takes', () => {
    const all = templates.map(({ template }) => template as Template);
    const roles = all.flatMap((template) => ofType(template, 'IAM::Role'));
    expect(roles.length).toBeGreaterThan(ids.length);
    const inline = (role: unknown) => JSON.stringify(at(role, 'Properties.Policies') ?? []).length;
    expect(largest(roles.map(([, role]) => inline(role)))).toBeLessThanOrEqual(10_240);
    const attached = all.flatMap((template) => ofType(template, 'IAM::Policy'));
    const documents = attached.map(([, policy]) => JSON.stringify(at(policy, 'Properties.PolicyDocument')).length);
    expect(largest(documents)).toBeLessThanOrEqual(10_240);
  });

  it('has queues whose policies SQS takes', () => {
    const policies = templates.flatMap(({ template }) => ofType(template as Template, 'SQS::QueuePolicy'));
    expect(policies.length).toBeGreaterThanOrEqual(ids.length);
    const documents = policies.map(([, policy]) => JSON.stringify(at(policy, 'Properties.PolicyDocument')).length);
    expect(largest(documents)).toBeLessThanOrEqual(8_192);
  });

  it('has a key whose policy KMS takes, for it names none of them', () => {
    const [[, key] = []] = templates.flatMap(({ template }) => ofType(template as Template, 'KMS::Key'));
    expect(JSON.stringify(at(key, 'Properties.KeyPolicy')).length).toBeLessThan(32_768 / 2);
  });
});
