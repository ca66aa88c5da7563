import { AwsSolutionsChecks } from 'cdk-nag';
import { beforeAll, describe, expect, it } from 'vitest';
import { config } from '../../../cdp.config.ts';
import { matchingJob } from '../../../lambdas/core/contract/jobs.ts';
import { jobOutput } from '../../../lambdas/core/contract/outputs.ts';
import { jobKinds } from '../../../lib/lake/job-kinds.ts';
import { CdpStack } from '../../../lib/platform/cdp-stack.ts';
import { statements } from '../rules/access/permissions.ts';
import { broken } from '../rules/all.ts';
import { at, ofType, type Template, target, targets } from '../rules/template.ts';
import { wholeTemplate } from '../rules/whole.ts';
import { shipped } from '../shipped.ts';
import { scratchApp } from '../unbundled.ts';

const matching = { traits: { given_name: 'first_name', surname: 'last_name', birth_date: 'birthday' } };

let template: Template;
let findings: unknown[];
beforeAll(() => {
  const app = scratchApp();
  new CdpStack(app, 'Cdp', { config: { ...config, identity: { matching } } });
  findings = new AwsSolutionsChecks().validateScope(app).violations;
  template = wholeTemplate(app.synth().getStackByName('Cdp').templateFullPath);
});

/** Names of the jobs in the order in which each starts the next. */
function chainOf(made: Template): string[] {
  const nameOf = (job: unknown) => (target(job) ?? '').match(/Batch([A-Z][a-z]+)Job/)?.[1] ?? '';
  const triggers = ofType(made, 'Glue::Trigger').map(([, trigger]) => ({
    starts: nameOf(at(trigger, 'Properties.Actions.0.JobName')),
    after: nameOf(at(trigger, 'Properties.Predicate.Conditions.0.JobName')),
  }));
  const chain: string[] = [];
  for (let next = triggers.find(({ after }) => after === ''); next !== undefined; ) {
    const { starts } = next;
    chain.push(starts);
    next = triggers.find(({ after }) => after === starts);
  }
  return chain;
}

const jobNamed = (made: Template, name: string) =>
  ofType(made, 'Glue::Job').find(([id]) => id.includes(`Batch${name}Job`));

describe('with identity.matching', () => {
  it('matches runs after profiles and before marts', () => {
    expect(chainOf(template)).toEqual(['Events', 'Identities', 'Profiles', 'Matches', 'Marts', 'Maintain']);
  });

  it('has the packages it needs and none that they ask for besides', () => {
    const [, job] = jobNamed(template, 'Matches') ?? [];
    const given = at(job, 'Properties.DefaultArguments') as Record<string, unknown>;
    expect(jobKinds.matches.packages).toContain('splink');
    expect(jobKinds.matches.packages).not.toContain('igraph');
    expect(JSON.stringify(given['--additional-python-modules'])).toMatch(/[0-9a-f]{64}\.gluewheels\.zip"/);
    expect(given['--python-modules-installer-option']).toBe('--no-index --no-deps');
    expect(target(given['--stream'])).toMatch(/Events/);
  });

  it('may put events on the event stream, and nothing else there', () => {
    const [, job] = jobNamed(template, 'Matches') ?? [];
    const role = target(at(job, 'Properties.Role')) ?? '';
    const own = statements(template, 'IAM::Policy').filter(({ id }) =>
      targets(template.Resources[id]?.Properties?.Roles).includes(role),
    );
    const actions = own.flatMap(({ actions }) => actions.map(String)).filter((action) => action.startsWith('kinesis:'));
    expect(actions).toEqual(['kinesis:PutRecords']);
  });

  it('has an output, and its failures are heard', () => {
    expect(Object.keys(template.Outputs ?? {})).toContain(jobOutput(matchingJob));
    const heard = ofType(template, 'Events::Rule').flatMap(([, rule]) =>
      targets(at(rule, 'Properties.EventPattern.detail.jobName')),
    );
    expect(heard).toContain(jobNamed(template, 'Matches')?.[0]);
  });

  it('keeps every rule, and nag finds nothing', () => {
    expect(broken(template)).toEqual([]);
    expect(findings).toEqual([]);
  });
});

describe('without it', () => {
  it('there is no such job', () => {
    expect(chainOf(shipped())).toEqual(['Events', 'Identities', 'Profiles', 'Marts', 'Maintain']);
    expect(jobNamed(shipped(), 'Matches')).toBeUndefined();
    expect(Object.keys(shipped().Outputs ?? {})).not.toContain(jobOutput(matchingJob));
  });
});
