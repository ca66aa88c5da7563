import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { toolFlaws } from '../../../../lambdas/adapters/destinations/catalogue/checks/tool-flaws.ts';
import {
  installedDefinition,
  installedTools,
} from '../../../../lambdas/adapters/destinations/catalogue/definitions/installed.ts';
import { unusableTools } from '../../../../lambdas/adapters/destinations/catalogue/definitions/unusable.ts';
import type { CatalogueDestination } from '../../../../lambdas/core/destinations/definition.ts';
import { fieldName } from '../../../../lambdas/core/values/field-name.ts';

const braze = { tool: 'braze', settings: { endpoint: 'https://rest.fra-01.braze.eu' } };

/** The flaws of a destination, as texts. */
const told = (destination: Partial<CatalogueDestination> | Record<string, unknown>): readonly string[] =>
  toolFlaws({
    id: 'tool',
    kind: 'catalogue',
    segments: ['vips'],
    settings: {},
    audience: {},
    lists: {},
    traits: [],
    ...destination,
  } as CatalogueDestination).map(({ path, message }) => `${fieldName(path)}: ${message}`);

/** Required, because types of all destinations would take the compiler longer than those of the product. */
const { manifest } = createRequire(import.meta.url)('@segment/action-destinations') as {
  readonly manifest: Readonly<Record<string, { readonly directory: string }>>;
};

describe('a tool of the catalogue', () => {
  it('is right with its settings', () => expect(told(braze)).toEqual([]));

  it.each([
    { flaw: 'no such tool', of: { tool: 'brase' }, says: 'tool: the catalogue has no "brase"; known: braze' },
    { flaw: 'its name at Segment', of: { tool: 'actions-klaviyo' }, says: 'known: klaviyo' },
    { flaw: 'a path', of: { tool: '../braze' }, says: 'tool: the catalogue has no "../braze"' },
    {
      flaw: 'a missing setting',
      of: { tool: 'kafka' },
      says: 'settings.brokers: must be a text (Brokers); got nothing',
    },
    {
      flaw: 'an unknown setting',
      of: { ...braze, settings: { ...braze.settings, enpoint: 'x' } },
      says: 'settings.enpoint: is no setting of braze here; known: api_key, app_id, endpoint',
    },
    {
      flaw: 'a secret in code',
      of: { ...braze, settings: { ...braze.settings, api_key: 'x' } },
      says: 'settings.api_key: is a secret',
    },
    {
      flaw: 'a secret that its definition calls a text',
      of: { tool: 'absmartly', settings: { apiKey: 'x' } },
      says: 'settings.apiKey: is a secret',
    },
    {
      flaw: 'a value that is none of the choices',
      of: { tool: 'braze', settings: { endpoint: 5 } },
      says: '"https://rest.jp-01.braze.com"; got 5',
    },
    {
      flaw: 'a text for a number',
      of: { tool: 'kafka', settings: { saslAuthenticationMechanism: 'plain' } },
      says: 'settings.saslAuthenticationMechanism: is no setting of kafka',
    },
    {
      flaw: 'a setting of its lists',
      of: { tool: 'tiktok-audiences', audience: { advertiser: '7' } },
      says: 'audience.advertiser: is no setting of tiktok-audiences here; known: advertiserId',
    },
    {
      flaw: 'a list of another segment',
      of: { tool: 'tiktok-audiences', lists: { others: '7' } },
      says: 'lists.others: is no segment of this destination; known: vips',
    },
    { flaw: 'a list where there are none', of: { ...braze, lists: { vips: '7' } }, says: 'braze keeps no lists' },
    {
      flaw: 'no presets and no actions',
      of: { tool: 'slack' },
      says: 'actions: slack has no presets: say what it does; known: postToChannel',
    },
    {
      flaw: 'presets that accept nothing of audiences',
      of: { tool: 'tiktok-conversions', settings: { pixelCode: 'x' } },
      says: 'tell: no preset of tiktok-conversions accepts track calls of audiences',
    },
    { flaw: 'a call that its presets do not accept', of: { tool: 'snap-audiences', tell: 'identify' }, says: 'tell: ' },
  ])('is refused for $flaw', ({ of, says }) => expect(told(of).join('\n')).toContain(says));

  it('says the value that it wants for a number', () =>
    expect(told({ tool: 'sftp', settings: { sftp_host: 'h', sftp_port: 'x' } }).join('\n')).toContain(
      'settings.sftp_port: must be a number; got a text of 1 character',
    ));
});

const action = { action: 'trackEvent', when: 'event = "Audience Entered"', mapping: { name: 'Entered', time: 'x' } };

describe('an action', () => {
  it.each([
    { name: 'alone', actions: [action] },
    {
      name: 'with its own condition',
      actions: [{ ...action, action: 'updateUserProfile', when: undefined, mapping: {} }],
      tell: 'identify',
    },
    { name: 'with a condition that data decides', actions: [{ ...action, when: 'properties.vips = true' }] },
    {
      name: 'with a directive',
      actions: [{ ...action, mapping: { ...action.mapping, name: { '@template': '{{event}}!' } } }],
    },
    {
      name: 'with a mode',
      actions: [{ ...action, action: 'trackEvent2', syncMode: 'update', mapping: action.mapping }],
    },
  ])('may stand $name', ({ name: _name, ...parts }) =>
    expect(told({ ...braze, ...parts, actions: parts.actions })).toEqual([]),
  );

  it.each([
    { flaw: 'no such action', action: { action: 'trackEvnt' }, says: 'actions[0].action: is no action of Braze' },
    { flaw: 'an inherited name', action: { action: 'constructor' }, says: 'actions[0].action: is no action of Braze' },
    {
      flaw: 'no such field',
      action: { mapping: { ...action.mapping, nmae: 'x' } },
      says: 'actions[0].mapping.nmae: is no field of trackEvent; known: external_id',
    },
    {
      flaw: 'a missing field',
      action: { action: 'createAlias2', mapping: {} },
      says: 'actions[0].mapping.alias_label: must be a text or a path such as {"@path": "$.userId"}',
    },
    {
      flaw: 'no such directive',
      action: { mapping: { name: { '@pth': '$.event' } } },
      says: 'actions[0].mapping.name: is no mapping: / has an invalid directive: @pth',
    },
    {
      flaw: 'a wrong deep directive',
      action: { mapping: { properties: { a: { '@if': { exists: { '@path': 5 } } } } } },
      says: 'actions[0].mapping.properties: is no mapping: /',
    },
    {
      flaw: 'a text as a number',
      action: { mapping: { batch_size: 'many' } },
      says: 'batch_size: must be a number or a path',
    },
    {
      flaw: 'no such mode',
      action: { syncMode: 'add' },
      says: 'actions[0].syncMode: is not accepted by trackEvent; known: none',
    },
    {
      flaw: 'a condition of another language',
      action: { when: 'event == "x"' },
      says: 'must be all that Segment',
    },
    {
      flaw: 'a misspelt field',
      action: { when: 'tipe = "track"' },
      says: 'actions[0].when: must be a condition in FQL',
    },
    { flaw: 'a type with two signs', action: { when: 'type == "track"' }, says: 'actions[0].when: must be' },
    {
      flaw: 'a misspelt field that would widen the condition',
      action: { when: 'event = "Audience Entered" and propertis.vips = true' },
      says: 'must be all that Segment\'s parser reads of it: event = "Audience Entered"',
    },
    { flaw: 'a type that no event has', action: { when: 'type = "trck"' }, says: 'compares type with "trck"' },
    {
      flaw: 'a number in quotes, which no value is above',
      action: { when: 'event = "Audience Entered" and properties.total > "100"' },
      says: 'actions[0].when: must be',
    },
    {
      flaw: 'a misspelt event',
      action: { when: 'event = "Audience Enterd"' },
      says: 'is true of no event that this destination is told: track "Audience Entered", track "Audience Exited"',
    },
  ])('is refused for $flaw', ({ action: part, says }) => {
    const flaws = told({ ...braze, actions: [{ ...action, ...part }] });
    expect(flaws.join('\n')).toContain(says);
  });
});

it('may have conditions of its own if it is told of events, or only of events', () => {
  const actions = [{ ...action, when: 'event = "Order Completed"' }];
  expect(told({ ...braze, segments: [], events: {}, actions })).toEqual([]);
  expect(told({ ...braze, events: {}, actions }).join()).toContain('tell: no preset of braze accepts track calls');
  expect(told({ tool: 'tiktok-conversions', settings: { pixelCode: 'x' }, segments: [], events: {} })).toEqual([]);
  expect(told({ ...braze, actions }).join()).toContain('is true of no event that this destination is told');
});

describe('a tool that is told computed traits', () => {
  const refusal = ({ segments = [] as readonly string[], ...given }: Record<string, unknown> & { tool: string }) =>
    told({ ...given, segments, traits: ['revenue'] }).filter((flaw) => flaw.startsWith('traits: '));
  const usable = installedTools().filter((tool) => !unusableTools().includes(tool));

  it.each([
    { name: 'its presets', destination: braze },
    { name: 'an action of its own', destination: { ...braze, actions: [{ ...action, when: 'type = "identify"' }] } },
    {
      name: 'an action for accounts',
      destination: { ...braze, actions: [{ ...action, when: 'type = "group"' }] },
    },
  ])('may take them by $name', ({ destination }) => expect(refusal(destination)).toEqual([]));

  it('is refused if it keeps audiences, whichever tool it is, because it would take them for members', () => {
    const keeping = usable.filter((tool) => installedDefinition(tool)?.audienceFields !== undefined);
    expect(keeping.length).toBeGreaterThan(20);
    for (const tool of keeping)
      expect([tool, refusal({ tool, segments: ['vips'] }), refusal({ tool })].flat().join()).toContain(
        `traits: ${tool} keeps audiences and takes no computed traits: name actions`,
      );
  });

  it('is refused if nothing that it does accepts them', () => {
    const says = 'traits: nothing that braze is asked to do accepts identify or group calls; known: ';
    expect(refusal({ ...braze, actions: [{ ...action, when: 'type = "track"' }] }).join()).toContain(says);
    expect(refusal({ tool: 'tiktok-conversions' }).join()).toContain('nothing that tiktok-conversions is asked');
  });
});

it('must have a condition if its definition has none', () =>
  expect(told({ tool: 'webhook-audiences', actions: [{ action: 'send', mapping: {} }] }).join()).toContain(
    'actions[0].when: must be a condition, because the action has none of its own; got nothing',
  ));

describe('the catalogue', () => {
  const registered = Object.values(manifest).map(({ directory }) => directory);

  it('has a folder for each tool that it lists, and says why the other folders are none', () => {
    const others = ['bing-ads-audiences', 'criteo'];
    expect(installedTools()).toEqual([...registered, ...others].sort());
    expect(unusableTools()).toEqual(expect.arrayContaining(others));
  });

  it('has every tool that is refused, so that no reason outlives its tool', () =>
    expect(unusableTools().filter((tool) => installedDefinition(tool) === undefined)).toEqual([]));

  it('has reasons and alternatives for every tool that is refused', () => {
    for (const tool of unusableTools())
      expect(told({ tool })).toEqual([expect.stringMatching(/^tool: [\w-]+ cannot be used here: .+\. Use .+/)]);
  });

  it('names settings that exist for all tools, and finds nothing missing but settings and actions', () => {
    const flaws = registered.flatMap((tool) => told({ tool }).map((flaw) => flaw.split(/[.:[]/)[0]));
    expect([...new Set(flaws)].sort()).toEqual(['actions', 'settings', 'tell', 'tool', 'audience'].sort());
  });
});
