import * as z from 'zod';

const Time = z.string();
/** A value as somebody sent it: any JSON. */
const Sent = z.unknown();

const Statement = z.strictObject({
  trait: z.string(),
  value: Sent,
  source: z.string(),
  at: Time,
  messageId: z.string(),
  isUsed: z.boolean(),
  rule: z.string(),
  notKeptBytes: z.int().nullable(),
});

const ConsentStatement = z.strictObject({
  category: z.string(),
  isGranted: z.boolean(),
  saidUnder: z.string().nullable(),
  isElsewhere: z.boolean(),
  at: Time,
  source: z.string().nullable(),
  messageId: z.string(),
});

/** What was said of a person, live or merged. */
const Said = {
  traits: z.array(Statement),
  consent: z.array(ConsentStatement),
  accounts: z.array(z.strictObject({ account: z.string(), firstSeen: Time, lastSeen: Time })),
  arrivals: z.array(
    z.strictObject({ which: z.enum(['first', 'last']), at: Time, campaign: Sent, referrer: z.string().nullable() }),
  ),
  latestEvents: z.array(
    z.strictObject({ type: z.string(), name: z.string(), at: Time, source: z.string(), messageId: z.string() }),
  ),
};

const Identifier = z.strictObject({
  type: z.string(),
  value: z.string(),
  firstSeen: Time,
  lastSeen: Time,
  linkedAt: Time,
  rule: z.string(),
  messageId: z.string().nullable(),
});

const Person = z.strictObject({
  profileId: z.string(),
  createdAt: Time,
  firstSeen: Time,
  lastSeen: Time,
  eventCount: z.int(),
  isSuppressed: z.boolean(),
  counters: z.int(),
  identifiers: z.array(Identifier),
  released: z.array(z.strictObject({ type: z.string(), value: z.string(), at: Time, source: z.string().nullable() })),
  ...Said,
  allowed: z.array(z.strictObject({ purpose: z.string(), isAllowed: z.boolean(), by: z.string() })),
  merged: z.array(
    z.strictObject({
      profileId: z.string(),
      at: Time,
      rule: z.string(),
      messageId: z.string().nullable(),
      eventCount: z.int(),
      identifiers: z.array(z.strictObject({ type: z.string(), value: z.string() })),
      ...Said,
    }),
  ),
  elsewhere: z.int(),
});

const Decision = z.strictObject({
  profileId: z.string(),
  segment: z.string(),
  name: z.string(),
  since: Time.nullable(),
  logic: z.array(
    z.strictObject({
      part: z.string(),
      rule: z.string(),
      isTrue: z.boolean(),
      changesAt: Time.nullable(),
      values: z.array(z.strictObject({ what: z.string(), value: Sent })),
      events: z.array(z.strictObject({ event: z.string(), at: Time, value: Sent })),
    }),
  ),
});

const EventRow = z.strictObject({
  type: z.string(),
  name: z.string(),
  at: Time,
  receivedAt: Time,
  source: z.string(),
  messageId: z.string(),
  identifiers: z.array(z.string()),
  account: z.string().nullable(),
  properties: Sent,
  traits: Sent,
  context: Sent,
  derived: Sent,
});

/** What the lake answered: how far it knows events, or why it could not be asked. */
const Events = z.strictObject({
  knownUntil: Time.nullable(),
  problem: z.string().nullable(),
  isWhole: z.boolean(),
  rows: z.array(EventRow),
  refused: z.array(
    z.strictObject({ at: Time, source: z.string().nullable(), field: z.string(), reason: z.string(), sent: Sent }),
  ),
});

const Right = z.strictObject({ rule: z.string(), right: z.string() });

/** An access report, version 1: what is stored about a person, below the headings of GDPR Article 15. */
export const AccessReport = z.strictObject({
  version: z.literal(1),
  request: z.strictObject({ id: z.string(), regulation: z.string(), askedAt: Time, filedAt: Time }),
  writtenAt: Time,
  purposes: z.array(
    z.strictObject({ purpose: z.string(), name: z.string(), kind: z.string(), usedBy: z.array(z.string()) }),
  ),
  categories: z.array(z.strictObject({ category: z.string(), count: z.int() })),
  recipients: z.array(
    z.strictObject({
      destination: z.string(),
      kind: z.string(),
      purposes: z.array(z.string()),
      receivesEvents: z.boolean(),
      isWithheld: z.boolean(),
      told: z.array(
        z.strictObject({
          what: z.string(),
          state: z.string(),
          since: Time.nullable(),
          names: z.array(z.string()),
        }),
      ),
    }),
  ),
  retention: z.array(z.strictObject({ store: z.string(), holds: z.string(), days: z.number().nullable() })),
  rights: z.array(Right),
  complaint: z.array(Right),
  sources: z.array(
    z.strictObject({
      source: z.string(),
      kind: z.string().nullable(),
      traits: z.int(),
      consent: z.int(),
      events: z.int(),
    }),
  ),
  segments: z.array(Decision),
  computedTraits: z.array(z.strictObject({ profileId: z.string(), trait: z.string(), value: Sent, rule: z.string() })),
  people: z.array(Person),
  events: Events,
  limits: z.array(z.string()),
});

export type AccessReport = z.infer<typeof AccessReport>;
export type ReportedPerson = AccessReport['people'][number];
export type ReportedEvents = AccessReport['events'];
export type ReportedDecision = AccessReport['segments'][number];
