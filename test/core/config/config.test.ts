import { describe, expect, it } from 'vitest';
import { config as example } from '../../../cdp.config.ts';
import { InvalidConfig, parseConfig } from '../../../lambdas/core/config/config.ts';
import { isBlocked } from '../../../lambdas/core/identifiers/blocked.ts';
import { LakeRules } from '../../../lambdas/core/lake/rules.ts';
import { all, trait } from '../../../lambdas/core/segments/language/people.ts';

const source = { id: 'site', kind: 'browser', writeKey: 'a-write-key' };
const hash = 'ec4a8afce6d7a687a0d80a0afea90e179cad2eddb345b477bb0f65919d82101c';
const segment = { key: 'vips', name: 'Very important', where: trait('vip').equals(true) };
const destination = { id: 'crm', kind: 'webhook', segments: ['vips'] };
const good = { sources: [source], segments: [segment], destinations: [destination] };

const fieldsOf = (config: unknown): readonly string[] => {
  try {
    parseConfig(config);
  } catch (error) {
    if (error instanceof InvalidConfig) return error.fields;
    throw error;
  }
  return [];
};

describe('a configuration', () => {
  it.each([
    { name: 'the example', config: example },
    { name: 'one source alone', config: { sources: [source] } },
    { name: 'a hashed key', config: { sources: [{ id: 'site', kind: 'server', writeKeyHash: hash }] } },
    {
      name: 'nested conditions',
      config: { ...good, segments: [{ ...segment, where: all(trait('a').exists(), { not: trait('b').missing() }) }] },
    },
    { name: 'other limits', config: { ...good, identity: { limits: { email: { max: 2 } }, defaultLimit: 3 } } },
  ])('may be $name', ({ config }) => expect(fieldsOf(config)).toEqual([]));

  it.each([
    { flaw: 'nothing at all', config: undefined, field: 'configuration: ' },
    { flaw: 'no source', config: { sources: [] }, field: 'sources: at least one source is needed' },
    {
      flaw: 'two sources of one id',
      config: { sources: [source, { ...source, writeKey: 'another-key' }] },
      field: 'sources: source ids must be unique',
    },
    {
      flaw: 'two sources of one key',
      config: { sources: [source, { ...source, id: 'app' }] },
      field: 'sources: write keys must be unique',
    },
    {
      flaw: 'a source without a key',
      config: { sources: [{ ...source, writeKey: undefined }] },
      field: 'sources[0].writeKey: give either',
    },
    {
      flaw: 'a source with both keys',
      config: { sources: [{ ...source, writeKeyHash: hash }] },
      field: 'sources[0].writeKey: give either',
    },
    {
      flaw: 'a hash that is none',
      config: { sources: [{ id: 'a', kind: 'server', writeKeyHash: 'abc' }] },
      field: 'sources[0].writeKeyHash: ',
    },
    {
      flaw: 'an unknown kind of source',
      config: { sources: [{ ...source, kind: 'fridge' }] },
      field: 'sources[0].kind: ',
    },
    {
      flaw: 'an id with a capital',
      config: { sources: [{ ...source, id: 'Site' }] },
      field: 'sources[0].id: use lower-case',
    },
    {
      flaw: 'a country by its name',
      config: { sources: [{ ...source, defaultCountry: 'Norway' }] },
      field: 'sources[0].defaultCountry: ',
    },
    {
      flaw: 'a misspelt property of a source',
      config: { sources: [{ ...source, wirteKey: 'x' }] },
      field: 'sources[0]: Unrecognized key: "wirteKey"',
    },
    {
      flaw: 'a limit over all bounds',
      config: { ...good, identity: { limits: { email: { max: 1001 } } } },
      field: 'identity.limits.email.max: ',
    },
    {
      flaw: 'a limit without a number',
      config: { ...good, identity: { limits: { email: { window: 'ever' } } } },
      field: 'identity.limits.email.max: ',
    },
    {
      flaw: 'an unknown window',
      config: { ...good, identity: { limits: { email: { max: 1, window: 'daily' } } } },
      field: 'identity.limits.email.window: ',
    },
    {
      flaw: 'a limit of nought for the rest',
      config: { ...good, identity: { defaultLimit: 0 } },
      field: 'identity.defaultLimit: ',
    },
    {
      flaw: 'a limit over all bounds for the rest',
      config: { ...good, identity: { defaultLimit: 1001 } },
      field: 'identity.defaultLimit: ',
    },
    {
      flaw: 'a cap of nought',
      config: { ...good, identity: { caps: { identifiers: 0 } } },
      field: 'identity.caps.identifiers: ',
    },
    {
      flaw: 'a cap of no merges',
      config: { ...good, identity: { caps: { merges: 0 } } },
      field: 'identity.caps.merges: ',
    },
    {
      flaw: 'a breaker of nought',
      config: { ...good, identity: { breaker: { merges: 0 } } },
      field: 'identity.breaker.merges: ',
    },
    {
      flaw: 'a breaker of no time',
      config: { ...good, identity: { breaker: { minutes: 0 } } },
      field: 'identity.breaker.minutes: ',
    },
    {
      flaw: 'a misspelt rule',
      config: { ...good, identity: { limit: {} } },
      field: 'identity: Unrecognized key: "limit"',
    },
    {
      flaw: 'an identifier type with a capital',
      config: { ...good, identity: { priority: ['Email'] } },
      field:
        'identity.priority[0]: use lower-case letters, digits, "_", "." and "-", at most 40, beginning with a letter',
    },
    {
      flaw: 'an identifier from elsewhere',
      config: { ...good, identity: { identifiers: [{ type: 'a', path: 'userId' }] } },
      field: 'identity.identifiers[0].path: begin with traits., properties. or context.',
    },
    {
      flaw: 'an identifier after a path',
      config: { ...good, identity: { identifiers: [{ type: 'a', path: 'my.traits.a' }] } },
      field: 'identity.identifiers[0].path: ',
    },
    {
      flaw: 'an identifier of a path with a hole',
      config: { ...good, identity: { identifiers: [{ type: 'a', path: 'traits.a..b' }] } },
      field: 'identity.identifiers[0].path: ',
    },
    {
      flaw: 'a pattern that is none',
      config: { ...good, identity: { blocked: { email: { patterns: ['('] } } } },
      field: 'identity.blocked.email.patterns[0]: is not a regular expression',
    },
    {
      flaw: 'a pattern that the lake reads otherwise',
      config: { ...good, identity: { blocked: { email: { patterns: ['^test', '(?<who>test)'] } } } },
      field: 'identity.blocked.email.patterns[1]: has what stream and lake would read differently',
    },
    {
      flaw: 'a key of seven characters',
      config: { sources: [{ ...source, writeKey: 'x'.repeat(7) }] },
      field: 'sources[0].writeKey: ',
    },
    {
      flaw: 'a key of 101 characters',
      config: { sources: [{ ...source, writeKey: 'x'.repeat(101) }] },
      field: 'sources[0].writeKey: ',
    },
    ...[
      'a:write-key',
      'a/write-key',
      'a write key',
      'a-write-key\n',
      'a-write-key\u0000',
      'schlüssel',
      'write-key-😀',
    ].map((writeKey) => ({
      flaw: `a key that no client can send: ${JSON.stringify(writeKey)}`,
      config: { sources: [{ ...source, writeKey }] },
      field: 'sources[0].writeKey: use letters, digits and signs of ASCII',
    })),
    ...[
      { record: 'survivorship', config: '{"survivorship":{"__proto__":{"keep":"most_recent"}}}' },
      { record: 'identity.limits', config: '{"identity":{"limits":{"__proto__":{"max":1}}}}' },
      { record: 'identity.blocked', config: '{"identity":{"blocked":{"__proto__":{"values":["x"]}}}}' },
      {
        record: 'identity.matching.traits',
        config: '{"identity":{"matching":{"traits":{"__proto__":"a","city":"b","state":"c"}}}}',
      },
    ].map(({ record, config }) => ({
      flaw: `a name that no object can keep, in ${record}`,
      config: { ...good, ...JSON.parse(config) },
      field: `${record}.__proto__: is not allowed as a name`,
    })),
    {
      flaw: 'a hash with more around it',
      config: { sources: [{ id: 'a', kind: 'server', writeKeyHash: `${hash}0` }] },
      field: 'sources[0].writeKeyHash: ',
    },
    {
      flaw: 'a hash after something',
      config: { sources: [{ id: 'a', kind: 'server', writeKeyHash: `0${hash}` }] },
      field: 'sources[0].writeKeyHash: ',
    },
    {
      flaw: 'a country of three letters',
      config: { sources: [{ ...source, defaultCountry: 'NOR' }] },
      field: 'sources[0].defaultCountry: ',
    },
    {
      flaw: 'an id of 41 characters',
      config: { sources: [{ ...source, id: 'a'.repeat(41) }] },
      field: 'sources[0].id: use lower-case',
    },
    {
      flaw: 'an id that begins with a digit',
      config: { sources: [{ ...source, id: '1site' }] },
      field: 'sources[0].id: use lower-case',
    },
    {
      flaw: 'a segment key with a dash',
      config: { ...good, destinations: [], segments: [{ ...segment, key: 'v-1' }] },
      field: 'segments[0].key: use lower-case',
    },
    {
      flaw: 'a segment key of 81 characters',
      config: { ...good, destinations: [], segments: [{ ...segment, key: 'v'.repeat(81) }] },
      field: 'segments[0].key: use lower-case',
    },
    {
      flaw: 'a segment key that begins with a digit',
      config: { ...good, destinations: [], segments: [{ ...segment, key: '1vip' }] },
      field: 'segments[0].key: use lower-case',
    },
    {
      flaw: 'a segment without a name',
      config: { ...good, segments: [{ ...segment, name: '' }] },
      field: 'segments[0].name: ',
    },
    {
      flaw: 'a segment of a name too long',
      config: { ...good, segments: [{ ...segment, name: 'n'.repeat(121) }] },
      field: 'segments[0].name: ',
    },
    {
      flaw: 'a misspelt property of a segment',
      config: { ...good, segments: [{ ...segment, when: 1 }] },
      field: 'segments[0]: has the unknown field "when"',
    },
    {
      flaw: 'a misspelt property of a destination',
      config: { ...good, destinations: [{ ...destination, url: 'x' }] },
      field: 'destinations[0]: Unrecognized key: "url"',
    },
    {
      flaw: 'an unknown kind of destination',
      config: { ...good, destinations: [{ ...destination, kind: 'pigeon' }] },
      field: 'destinations[0].kind: ',
    },
    {
      flaw: 'a destination where there are no segments',
      config: { sources: [source], destinations: [destination] },
      field: 'destinations[0].segments[0]: no segment has the key "vips"; known: none',
    },
    {
      flaw: 'a destination for none of two segments',
      config: {
        ...good,
        segments: [segment, { ...segment, key: 'new' }],
        destinations: [{ ...destination, segments: ['x'] }],
      },
      field: 'destinations[0].segments[0]: no segment has the key "x"; known: vips, new',
    },
    ...[
      { trait: '', operator: 'exists' },
      { trait: '', operator: 'equals', value: 1 },
      { trait: '', operator: 'atLeast', value: 1 },
      { trait: '', operator: 'anyOf', value: [1] },
      { trait: '', operator: 'contains', value: 'x' },
      { trait: 'a', operator: 'contains', value: '' },
      { trait: 'a', operator: 'anyOf', value: [] },
      { trait: 'a', operator: 'anyOf', value: [null] },
      { trait: 'a', operator: 'equals' },
      { trait: 'a', operator: 'exists', value: 1 },
      { all: [] },
      { any: [] },
      { not: {} },
    ].map((where) => ({
      flaw: `the condition ${JSON.stringify(where)}`,
      config: { ...good, segments: [{ ...segment, where }] },
      field: 'segments[0].where',
    })),
    {
      flaw: 'a misspelt property',
      config: { ...good, segmants: [] },
      field: 'configuration: Unrecognized key: "segmants"',
    },
    {
      flaw: 'a segment that asks for a segment of accounts',
      config: {
        ...good,
        segments: [
          { ...segment, key: 'a', where: { not: { inSegment: 'b' } } },
          { ...segment, key: 'b', of: 'accounts', where: { trait: 'plan', operator: 'exists' } },
        ],
      },
      field: 'segments[0].where.not.inSegment: must be a segment of people',
    },
    {
      flaw: 'two segments of one key',
      config: { ...good, segments: [segment, segment] },
      field: 'segments[1].key: must be unique; got ',
    },
    {
      flaw: 'a limit of nought',
      config: { ...good, identity: { limits: { email: { max: 0 } } } },
      field: 'identity.limits.email.max: ',
    },
    {
      flaw: 'two destinations of one id',
      config: { ...good, destinations: [destination, destination] },
      field: 'destinations: destination ids must',
    },
    {
      flaw: 'two destinations that only "-" tells apart',
      config: {
        ...good,
        destinations: [
          { ...destination, id: 'crm-1' },
          { ...destination, id: 'crm1' },
        ],
      },
      field: 'destinations: destination ids must',
    },
    {
      flaw: 'a destination without segments',
      config: { ...good, destinations: [{ ...destination, segments: [] }] },
      field: 'destinations[0].segments: ',
    },
    {
      flaw: 'a condition over events that FQL reads otherwise',
      config: { ...good, destinations: [{ ...destination, events: { where: 'type = "track" and evnt = "x"' } }] },
      field: 'destinations[0].events.where: must be all that Segment\'s parser reads of it: type = "track"',
    },
    {
      flaw: 'events of an unknown source',
      config: { ...good, destinations: [{ ...destination, events: { sources: [source.id, 'app'] } }] },
      field: `destinations[0].events.sources[1]: no source has the id "app"; known: ${source.id}`,
    },
    {
      flaw: 'events of an unknown type',
      config: { ...good, destinations: [{ ...destination, events: { types: ['trak'] } }] },
      field: 'destinations[0].events.types[0]: ',
    },
    {
      flaw: 'a destination for an unknown segment',
      config: { ...good, destinations: [{ ...destination, segments: ['vips', 'vip'] }] },
      field: 'destinations[0].segments[1]: no segment has the key "vip"; known: vips',
    },
    {
      flaw: 'an unknown operator',
      config: { ...good, segments: [{ ...segment, where: { trait: 'age', operator: 'biggerThan', value: 3 } }] },
      field: 'segments[0].where',
    },
    {
      flaw: 'a number compared as text',
      config: { ...good, segments: [{ ...segment, where: { trait: 'age', operator: 'atLeast', value: '3' } }] },
      field: 'segments[0].where',
    },
  ])('with $flaw names the field', ({ config, field }) => {
    const fields = fieldsOf(config);
    expect(fields.filter((found) => found.startsWith(field))).toHaveLength(1);
  });

  it('with several flaws names them all', () => {
    expect(fieldsOf({ ...good, sources: [{ ...source, trustedProxies: -1, id: 'Site' }] })).toHaveLength(2);
  });
});

it.each(['equals', 'notEquals', 'greaterThan', 'atLeast', 'lessThan', 'atMost'])(
  'a condition may say %s of a number',
  (operator) =>
    expect(fieldsOf({ ...good, segments: [{ ...segment, where: { trait: 'a', operator, value: 1 } }] })).toEqual([]),
);

it.each(['equals', 'notEquals', 'contains', 'startsWith', 'endsWith'])('a condition may say %s of a text', (operator) =>
  expect(fieldsOf({ ...good, segments: [{ ...segment, where: { trait: 'a', operator, value: 'x' } }] })).toEqual([]),
);

it.each([
  { id: 'a'.repeat(40) },
  { writeKey: 'x'.repeat(8) },
  { writeKey: 'x'.repeat(100) },
  { defaultCountry: 'NO' },
  { kind: 'server' },
  { kind: 'batch' },
])('a source may be %j', (fields) => expect(fieldsOf({ sources: [{ ...source, ...fields }] })).toEqual([]));

it.each([
  { defaultLimit: 1 },
  { defaultLimit: 1000 },
  { limits: { 'ios.id': { max: 1000, window: 'weekly' } } },
  { limits: { email: { max: 1, window: 'monthly' }, phone: { max: 1, window: 'annually' } } },
  { caps: { identifiers: 1, merges: 1 }, breaker: { merges: 1, minutes: 1 } },
  { identifiers: ['traits.a', 'properties.a.b', 'context.a'].map((path) => ({ type: 'a', path })) },
  { blocked: { email: { patterns: ['^a$'] } } },
])('identity rules may be %j', (identity) => expect(fieldsOf({ ...good, identity })).toEqual([]));

it('says as little as it must, and the rest is filled as documented', () =>
  expect(parseConfig({ sources: [source] })).toEqual({
    lake: LakeRules.parse({}),
    survivorship: {},
    sources: [{ ...source, trustedProxies: 0 }],
    identity: {
      identifiers: [],
      priority: ['user_id', 'email', 'phone', 'anonymous_id'],
      limits: { user_id: { max: 1, window: 'ever' } },
      defaultLimit: 5,
      blockedValues: [
        ...['', '-1', 'null', 'undefined', 'none', 'nan', 'anonymous', 'guest', 'unknown', 'test', 'true', 'false'],
        ...['id', 'email', 'distinct_id', 'distinctid', 'not_authenticated', '[object object]'],
      ],
      blocked: {},
      caps: { identifiers: 1000, merges: 100 },
      breaker: { merges: 20, minutes: 60 },
    },
    purposes: [],
    segments: [],
    traits: [],
    destinations: [],
    egress: {},
    privacy: { gdprDays: 28, ccpaDays: 45, alarmDays: 7 },
  }));

it('fills in what a rule leaves out', () =>
  expect(
    parseConfig({ sources: [source], identity: { limits: { email: { max: 2 } }, blocked: { email: {} } } }).identity,
  ).toMatchObject({
    limits: { email: { max: 2, window: 'ever' } },
    blocked: { email: { values: [], patterns: [] } },
  }));

it('blocks an address in whatever form the configuration writes it', () => {
  const { identity } = parseConfig({
    sources: [source],
    identity: { blocked: { email: { values: ['Info@M\u00fcller.DE', 'all the same'] } } },
  });
  expect(identity.blocked.email?.values).toEqual(['info@xn--mller-kva.de', 'all the same']);
  expect(isBlocked('email', 'info@xn--mller-kva.de', identity)).toBe(true);
});

it('names every wrong field in what it throws', () =>
  expect(() => parseConfig({ sources: [{ ...source, trustedProxies: -1, id: 'Site' }] })).toThrow(
    expect.objectContaining({
      name: 'InvalidConfig',
      message: expect.stringMatching(
        /^cdp\.config\.ts is not valid:\n {2}- sources\[0\]\.id: use [^\n]+\n {2}- sources\[0\]\.trustedProxies: [^\n]+$/,
      ),
    }),
  ));

it.each([
  { config: undefined, says: 'configuration: Invalid input: expected object, received undefined' },
  {
    config: { sources: [{ ...source, kind: 'fridge' }] },
    says: /^sources\[0\]\.kind: .*expected one of .*; got a text of 6 characters$/,
  },
  {
    config: { sources: [{ ...source, id: '1' }] },
    says: /^sources\[0\]\.id: use lower-case .*; got a text of 1 character$/,
  },
  {
    config: { sources: [{ ...source, writeKey: 'secret' }] },
    says: /^sources\[0\]\.writeKey: .*>=8 characters; got a text of 6 characters$/,
  },
  { config: { sources: [{ ...source, trustedProxies: 99 }] }, says: /^sources\[0\]\.trustedProxies: .*<=10; got 99$/ },
  { config: { sources: [source], nope: 1 }, says: 'configuration: Unrecognized key: "nope"' },
])('says of a wrong field where it is, what is wanted and what came, and no text itself: $says', ({ config, says }) => {
  const [field = '', ...more] = fieldsOf(config);
  expect(more).toEqual([]);
  if (typeof says === 'string') expect(field).toBe(says);
  else expect(field).toMatch(says);
  expect(field).not.toContain('secret');
});
