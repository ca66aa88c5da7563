import { type CdpConfig, parseConfig } from '../../../lambdas/core/config/config.ts';
import { all, not, trait } from '../../../lambdas/core/segments/language/people.ts';

/** Traits of which some sources are trusted more than others. */
export const trusted: Readonly<Record<string, readonly string[]>> = { plan: ['crm', 'app'], spent: ['app'] };

/** A shop with segments, and a tool that is told of them. */
export const deployment = {
  sources: ['shop', 'app', 'crm'].map((id) => ({
    id,
    kind: 'server',
    writeKey: `a-write-key-${id}`,
    defaultCountry: 'US',
  })),
  survivorship: Object.fromEntries(
    Object.entries(trusted).map(([trait, sources]) => [trait, { keep: 'most_trusted', sources }]),
  ),
  segments: [
    { key: 'big_spenders', name: 'Spent 100 or more', where: trait('spent').atLeast(100) },
    {
      key: 'prospects',
      name: 'Can be written to and is not on the pro plan',
      where: all(trait('email').exists(), not(trait('plan').equals('pro'))),
    },
    { key: 'pro', name: 'On the pro plan', where: trait('plan').equals('pro') },
  ],
  destinations: [{ id: 'crm', kind: 'webhook', segments: ['big_spenders', 'prospects', 'pro'] }],
};

/** Rules under which no history of few people is ever stopped. */
export const boundless = {
  limits: { user_id: { max: 1000 } },
  defaultLimit: 1000,
  caps: { identifiers: 100_000, merges: 100_000 },
  breaker: { merges: 100_000, minutes: 60 },
};

/** Deployments that histories run against; `default` and `tight` have limits that bind. */
export const rules = {
  boundless: parseConfig({ ...deployment, identity: boundless }),
  default: parseConfig(deployment),
  /** Nothing but the breaker is left as it is by default. */
  breaker: parseConfig({ ...deployment, identity: { ...boundless, breaker: undefined } }),
  tight: parseConfig({
    ...deployment,
    identity: {
      defaultLimit: 2,
      limits: { user_id: { max: 1 }, anonymous_id: { max: 3 } },
      caps: { identifiers: 6, merges: 4 },
      breaker: { merges: 2, minutes: 60 },
    },
  }),
  /** A person takes on few of a type at a time, and any number in the long run. */
  windowed: parseConfig({
    ...deployment,
    identity: {
      ...boundless,
      limits: {
        user_id: { max: 1, window: 'monthly' },
        email: { max: 1, window: 'weekly' },
        phone: { max: 1, window: 'annually' },
        anonymous_id: { max: 2, window: 'weekly' },
      },
    },
  }),
} satisfies Record<string, CdpConfig>;
export type RulesName = keyof typeof rules;
