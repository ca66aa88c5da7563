import { Stack, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { config } from '../../../cdp.config.ts';
import { CdpStack } from '../../../lib/platform/cdp-stack.ts';
import { scratchApp, synthesized, withoutBundling } from '../unbundled.ts';

// The platform is built without its acknowledgements, so that all findings are seen; they are given afterwards.
vi.mock('../../../lib/platform/acknowledgements.ts', () => ({ acknowledgeFindings: vi.fn() }));
const { acknowledgeFindings } = await vi.importActual<typeof import('../../../lib/platform/acknowledgements.ts')>(
  '../../../lib/platform/acknowledgements.ts',
);

interface Finding {
  readonly rule: string;
  readonly path: string;
}

interface Acknowledgement extends Finding {
  readonly reason: string;
}

const findings = (scope: IConstruct): Finding[] =>
  new AwsSolutionsChecks()
    .validateScope(scope)
    .violations.flatMap(({ ruleName, violatingResources = [] }) =>
      violatingResources.map(({ constructPath }) => ({ rule: ruleName, path: constructPath ?? '' })),
    );

const acknowledgements = (scope: IConstruct): Acknowledgement[] =>
  scope.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>))
      // In the template that is made, a nested stack names what it is given by a parameter: the same finding again.
      .filter(([id]) => !id.includes('<referenceto'))
      .map(([id, reason]) => ({ rule: id.replace(/^[^:[]*::/, ''), path: node.path, reason })),
  );

const isAbout = ({ rule, path }: Acknowledgement, finding: Finding): boolean =>
  finding.rule === rule && `${finding.path}/`.startsWith(`${path}/`);

let found: Finding[] = [];
let acknowledged: Acknowledgement[] = [];
let left: Finding[] = [];
let stack: CdpStack;
beforeAll(() => {
  const app = scratchApp();
  stack = new CdpStack(app, 'Cdp', { config });
  found = findings(app);
  acknowledgeFindings(stack.platform);
  acknowledged = acknowledgements(app);
  left = findings(app);
});

describe('an acknowledgement', () => {
  it('is given, each for a finding that is there without it', () => {
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(acknowledged.filter((each) => !found.some((finding) => isAbout(each, finding)))).toEqual([]);
  });

  it('is about one construct, never about a whole stack', () => {
    expect(acknowledged.filter(({ path }) => [stack.node.path, stack.platform.node.path].includes(path))).toEqual([]);
    for (const each of acknowledged) expect(found.filter((finding) => isAbout(each, finding))).toHaveLength(1);
  });

  it('gives a reason in a whole sentence that no other gives', () => {
    expect(acknowledged.filter(({ reason }) => !/^[A-Z].{39,}\.$/.test(reason))).toEqual([]);
    const rules = new Map(acknowledged.map(({ reason, rule }) => [reason, rule]));
    expect(acknowledged.filter(({ reason, rule }) => rules.get(reason) !== rule)).toEqual([]);
  });

  it('is there for every finding', () => expect(left).toEqual([]));
});

describe('the pack', () => {
  it('fails synthesis when a rule is broken', () => {
    const broken = () =>
      synthesized((app) => {
        Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
        new Bucket(new Stack(app, 'Leaky'), 'Bucket');
      });
    expect(broken).toThrow(/The S3 Bucket or bucket policy does not require requests to use SSL/);
  });

  it('finds nothing in the platform’s own stack but what is acknowledged, and everything in a bucket beside it', () => {
    new Bucket(stack, 'Leaky');
    expect(findings(stack)).toEqual(
      ['AwsSolutions-S1', 'AwsSolutions-S10'].map((rule) => ({ rule, path: 'Cdp/Leaky/Resource' })),
    );
  });

  it('is plugged into the app that is deployed', async () => {
    vi.stubEnv('CDK_CONTEXT_JSON', JSON.stringify(withoutBundling));
    const addPlugins = vi.spyOn(Validations.prototype, 'addPlugins');
    await import('../../../bin/cdp.ts');
    expect(addPlugins.mock.calls.flat()).toContainEqual(expect.any(AwsSolutionsChecks));
    vi.unstubAllEnvs();
    addPlugins.mockRestore();
  });
});
