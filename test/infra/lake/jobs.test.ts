import { Duration, Stack } from 'aws-cdk-lib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { config } from '../../../cdp.config.ts';
import { historiesJob, type JobName, jobsInOrder, recordsJob } from '../../../lambdas/core/contract/jobs.ts';
import { pascalCase } from '../../../lambdas/core/contract/outputs.ts';
import { InvalidJobs, type JobsProps, jobSettings, workerTypes } from '../../../lib/lake/job-settings.ts';
import { CustomerDataPlatform } from '../../../lib/platform/customer-data-platform.ts';
import { at, ofType, type Template, target } from '../rules/template.ts';
import { scratchApp, synthesized } from '../unbundled.ts';

const all: readonly JobName[] = [...jobsInOrder(true, true), historiesJob, recordsJob];
const matching = { traits: { given_name: 'first_name', surname: 'last_name', birth_date: 'birthday' } };

const templateWith = (jobs: JobsProps, identity = {}): Template =>
  synthesized(
    (app) => new CustomerDataPlatform(new Stack(app, 'Shop'), 'Platform', { config: { ...config, identity }, jobs }),
  ).Shop ?? {
    Resources: {},
  };

const jobOf = (template: Template, name: JobName) =>
  ofType(template, 'Glue::Job').find(([id]) => id.includes(`Batch${pascalCase(name)}Job`))?.[1];

/** What starts each job: a clock, or the success of another. */
const startsOf = (template: Template): Record<string, unknown> => {
  const nameOf = (job: unknown): string => (target(job) ?? '').match(/Batch([A-Z][a-z]+)Job/)?.[1]?.toLowerCase() ?? '';
  return Object.fromEntries(
    ofType(template, 'Glue::Trigger').map(([, trigger]) => [
      nameOf(at(trigger, 'Properties.Actions.0.JobName')),
      at(trigger, 'Properties.Schedule') ?? nameOf(at(trigger, 'Properties.Predicate.Conditions.0.JobName')),
    ]),
  );
};

describe('what jobs run on', () => {
  const size = fc.record(
    {
      workers: fc.integer({ min: 2, max: 299 }),
      workerType: fc.constantFrom(...workerTypes),
      timeout: fc.integer({ min: 1, max: 10_080 }).map((minutes) => Duration.minutes(minutes)),
    },
    { requiredKeys: [] },
  );
  const given = fc.record(Object.fromEntries([...all, 'all'].map((name) => [name, size])), { requiredKeys: [] });

  it('is the job’s own word, else that for all, else the default', () => {
    const property = fc.property(given, (jobs: JobsProps) => {
      for (const [job, settings] of jobSettings(all, jobs)) {
        for (const field of ['workers', 'workerType', 'timeout'] as const)
          expect(settings[field], `${job}.${field}`).toBe(
            jobs[job]?.[field] ??
              jobs.all?.[field] ??
              { workers: 2, workerType: 'G.1X', timeout: settings.timeout }[field],
          );
        if (jobs[job]?.timeout === undefined && jobs.all?.timeout === undefined)
          expect(settings.timeout.toMinutes()).toBe(120);
      }
    });
    fc.assert(property);
  });

  it('is what Glue is told', () => {
    const template = templateWith({
      all: { workers: 3 },
      identities: { workers: 10, workerType: 'R.2X', timeout: Duration.hours(8) },
    });
    expect(jobOf(template, 'identities')?.Properties).toMatchObject({
      NumberOfWorkers: 10,
      WorkerType: 'R.2X',
      Timeout: 480,
    });
    expect(jobOf(template, 'events')?.Properties).toMatchObject({
      NumberOfWorkers: 3,
      WorkerType: 'G.1X',
      Timeout: 120,
    });
  });

  it('does not say more than two small workers by default, for two hours, or eight for a job that reads a source', () => {
    for (const [id, job] of ofType(templateWith({}), 'Glue::Job')) {
      const Timeout = id.startsWith('PlatformPulls') ? 480 : 120;
      expect(job.Properties).toMatchObject({ NumberOfWorkers: 2, WorkerType: 'G.1X', Timeout });
    }
  });
});

describe('what starts jobs', () => {
  const every6Hours = 'cron(15 0/6 * * ? *)';
  const sundays = 'cron(0 3 ? * SUN *)';

  it('is the one before, and a clock for the first; a command alone starts the histories', () => {
    expect(startsOf(templateWith({}))).toEqual({
      events: every6Hours,
      identities: 'events',
      profiles: 'identities',
      marts: 'profiles',
      maintain: 'marts',
    });
  });

  it.each([
    { apart: ['maintain'], after: { matches: 'profiles', marts: 'matches' } },
    { apart: ['marts'], after: { matches: 'profiles', maintain: 'matches' } },
    { apart: ['matches'], after: { marts: 'profiles', maintain: 'marts' } },
    { apart: ['matches', 'marts'], after: { maintain: 'profiles' } },
    { apart: ['matches', 'marts', 'maintain'], after: {} },
  ])('is a clock of their own for $apart, and the others pass them over', ({ apart, after }) => {
    const jobs = Object.fromEntries(apart.map((job) => [job, { schedule: sundays }]));
    expect(startsOf(templateWith(jobs, { matching }))).toEqual({
      events: every6Hours,
      identities: 'events',
      profiles: 'identities',
      ...after,
      ...Object.fromEntries(apart.map((job) => [job, sundays])),
    });
  });
});

describe('jobs that cannot run as they are told to', () => {
  it.each([
    {
      jobs: { event: {} },
      flaw: 'jobs.event: unknown job; known: all, events, identities, profiles, marts, maintain, histories',
    },
    {
      jobs: { matches: { workers: 4 } },
      flaw: 'jobs.matches: unknown job; it exists only with identity.matching',
    },
    {
      jobs: { records: { workers: 4 } },
      flaw: 'jobs.records: unknown job; it exists only with a source whose rows are records',
    },
    {
      jobs: { queries: { workers: 4 } },
      flaw: 'jobs.queries: unknown job; it exists only with a source of kind query',
    },
    {
      jobs: { events: { workers: 1 } },
      flaw: 'jobs.events.workers: is 1, and must be a whole number from 2 to 299 (the first worker only coordinates)',
    },
    { jobs: { all: { workers: 300 } }, flaw: 'jobs.all.workers: is 300' },
    { jobs: { all: { workers: 2.5 } }, flaw: 'jobs.all.workers: is 2.5' },
    { jobs: { all: { workers: Number.NaN } }, flaw: 'jobs.all.workers: is NaN' },
    { jobs: { all: { workers: Number.POSITIVE_INFINITY } }, flaw: 'jobs.all.workers: is Infinity' },
    { jobs: { all: { workers: null } }, flaw: 'jobs.all.workers: is null' },
    { jobs: { all: { workers: '4' } }, flaw: 'jobs.all.workers: is "4"' },
    {
      jobs: { marts: { workerType: 'G.3X' } },
      flaw: 'jobs.marts.workerType: is "G.3X", and must be one of G.1X, G.2X',
    },
    { jobs: { marts: { workerType: 'g.1x' } }, flaw: 'jobs.marts.workerType: is "g.1x"' },
    {
      jobs: { marts: { timeout: 120 } },
      flaw: 'jobs.marts.timeout: is 120, and must be a Duration of 1 minute to 7 days',
    },
    { jobs: { marts: { timeout: Duration.seconds(90) } }, flaw: 'jobs.marts.timeout: is 1 minute 30 seconds' },
    { jobs: { marts: { timeout: Duration.days(8) } }, flaw: 'jobs.marts.timeout: is 8 days' },
    { jobs: { marts: { timeout: Duration.millis(1) } }, flaw: 'jobs.marts.timeout: is' },
    {
      jobs: { identities: { schedule: 'cron(0 3 * * ? *)' } },
      flaw: 'jobs.identities.schedule: only matches, marts, queries, maintain may have one',
    },
    {
      jobs: { all: { schedule: 'cron(0 3 * * ? *)' } },
      flaw: 'jobs.all.schedule: only matches, marts, queries, maintain may have one',
    },
    {
      jobs: { maintain: { schedule: 'rate(1 day)' } },
      flaw: 'jobs.maintain.schedule: is "rate(1 day)", and must be a cron expression of Glue, e.g. "cron(15 0/6 * * ? *)": it must have six fields',
    },
    { jobs: { maintain: { schedule: 'cron(0 3 * * *)' } }, flaw: 'jobs.maintain.schedule: is "cron(0 3 * * *)"' },
    { jobs: { maintain: { schedule: 'cron(0 25 * * ? *)' } }, flaw: 'jobs.maintain.schedule: is "cron(0 25 * * ? *)"' },
    { jobs: { maintain: { schedule: 3 } }, flaw: 'jobs.maintain.schedule: is 3' },
    {
      jobs: { maintain: { memory: 16 } },
      flaw: 'jobs.maintain.memory: unknown field; known: workers, workerType, timeout, schedule',
    },
  ])('$flaw', ({ jobs, flaw }) => {
    const made = () => jobSettings([...jobsInOrder(false), historiesJob], jobs as JobsProps);
    expect(made).toThrow(InvalidJobs);
    expect(made).toThrow(`\n  - ${flaw}`);
  });

  it('are all told at once, and stop a synthesis', () => {
    const jobs = { events: { workers: 0, workerType: 'huge' }, laundry: {} } as unknown as JobsProps;
    const made = () => new CustomerDataPlatform(new Stack(scratchApp(), 'Shop'), 'Platform', { config, jobs });
    expect(made).toThrow(/jobs\.events\.workers: .*\n {2}- jobs\.events\.workerType: .*\n {2}- jobs\.laundry: /);
  });

  it('batchSchedule is checked as well', () => {
    expect(() => jobSettings(jobsInOrder(false), {}, 'rate(6 hours)')).toThrow('batchSchedule: is "rate(6 hours)"');
  });
});
