import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ToolDeps } from '../../../../lambdas/adapters/destinations/catalogue/tool.ts';
import type { Tokens } from '../../../../lambdas/adapters/destinations/catalogue/tool-secret.ts';
import type { AudienceEvent } from '../../../../lambdas/core/destinations/audience-event.ts';
import { bundled } from '../../../fixtures/bundled.ts';
import type { product as Product } from '../../../fixtures/catalogue/bundled-tool.ts';
import { entered } from '../../../fixtures/catalogue/drive.ts';

/** A request, as the receiver of these tests sees it. */
interface Asked {
  readonly path: string;
  readonly token: string | undefined;
  readonly body: Record<string, unknown>;
}

let product: typeof Product;
let server: Server;
let host = '';
const asked: Asked[] = [];
let answer: (request: Asked) => number = () => 200;

beforeAll(async () => {
  ({ product } = await bundled<{ product: typeof Product }>('test/fixtures/catalogue/bundled-tool.ts'));
  server = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString() || '{}';
    const { authorization: token } = request.headers;
    const one = { path: request.url ?? '', token, body: JSON.parse(text) as Record<string, unknown> };
    asked.push(one);
    response.writeHead(answer(one), { 'content-type': 'application/json' }).end('{"id":"list-1"}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  asked.length = 0;
  answer = () => 200;
});

type Ask = (url: string, options: object) => Promise<unknown>;
interface Told {
  readonly payload: unknown;
  readonly auth?: { readonly accessToken?: string };
  readonly settings: Record<string, unknown>;
}
const text = { label: 'A text', description: 'A text', type: 'string' };
const post = (ask: Ask, path: string, { payload, auth }: Told) =>
  ask(`http://${host}/${path}`, {
    method: 'post',
    json: payload,
    ...(auth?.accessToken !== undefined && { headers: { authorization: auth.accessToken } }),
  });

let definitions = 0;
/** A tool with one action, which takes batches. The library keeps schemas by the slug. */
const definition = () => ({
  name: 'A Tool (Actions)',
  slug: `a-tool-${definitions++}`,
  mode: 'cloud',
  authentication: { scheme: 'custom', fields: { key: { ...text, type: 'password', required: true } } },
  presets: [],
  actions: {
    tell: {
      title: 'Tell',
      description: 'Tells it',
      defaultSubscription: 'event = "Audience Entered" or event = "Audience Exited"',
      fields: {
        who: { ...text, required: true, default: { '@path': '$.userId' } },
        list: { ...text, default: { '@path': '$.context.personas.external_audience_id' } },
        setting: { ...text, default: { '@path': '$.context.personas.audience_settings.place' } },
        group: { ...text, default: { '@path': '$.anonymousId' } },
      },
      perform: (ask: Ask, told: Told) => post(ask, 'one', told),
      performBatch: (ask: Ask, told: Told) => post(ask, 'many', told),
    } as Record<string, unknown>,
  },
});

type Changed = Partial<Omit<ToolDeps, 'destination'>> & { readonly destination?: object };

const toolOf = (defined: unknown, { destination, ...deps }: Changed = {}) =>
  product.catalogueTool({
    destination: {
      id: 'tool',
      kind: 'catalogue',
      tool: 'a-tool',
      segments: ['vips'],
      settings: {},
      audience: {},
      lists: {},
      ...destination,
    } as ToolDeps['destination'],
    load: async () => ({ default: { default: defined } }),
    provide: () => {},
    secret: async () => ({ settings: { key: 'k' }, environment: {}, allowedPrivateHosts: [host] }),
    keepTokens: async () => {},
    lists: { find: async () => undefined, claim: async () => true, record: async (_segment, id) => id },
    now: Date.now,
    ...deps,
  });

const item = (userId: string, changes: Partial<AudienceEvent> = {}) => ({
  id: userId,
  call: { ...entered, userId, ...changes },
  about: 'vips',
});
const context = () => ({ deadline: Date.now() + 10_000 });
const namesIn = (body: unknown) => (body as { who: string }[]).map(({ who }) => who);

it('tells one item by a request, and several by one', async () => {
  const tool = toolOf(definition());
  expect(await tool.deliver([item('a')], context())).toEqual([{ kind: 'delivered', requests: 1 }]);
  const outcomes = await tool.deliver([item('a'), item('b'), item('c')], context());
  expect(outcomes).toEqual(Array(3).fill({ kind: 'delivered', requests: 1, status: 200 }));
  expect(asked.map(({ path }) => path)).toEqual(['/one', '/many']);
  expect(namesIn(asked[1]?.body)).toEqual(['a', 'b', 'c']);
});

it('lets one poisoned item of a batch cost nobody else', async () => {
  answer = ({ body }) => (JSON.stringify(body).includes('poison') ? 400 : 200);
  const outcomes = await toolOf(definition()).deliver(
    ['a', 'b', 'poison', 'd', 'e'].map((who) => item(who)),
    context(),
  );
  expect(outcomes.map(({ kind }) => kind)).toEqual(['delivered', 'delivered', 'refused', 'delivered', 'delivered']);
});

it('tries a whole batch again if the tool is down', async () => {
  answer = () => 503;
  const outcomes = await toolOf(definition()).deliver([item('a'), item('b')], context());
  expect(outcomes.map(({ kind, status }) => [kind, status])).toEqual([
    ['retry', 503],
    ['retry', 503],
  ]);
  expect(asked).toHaveLength(1);
});

it('puts only calls into one batch that the action takes together', async () => {
  const defined = definition();
  const { fields } = defined.actions.tell as { fields: Record<string, object> };
  fields.batch_keys = { ...text, multiple: true, default: ['group'] };
  fields.batch_size = { ...text, type: 'number', default: 2 };
  const of = (group: string) => ({ anonymousId: group });
  const items = [item('a', of('x')), item('b', of('y')), item('c', of('x')), item('d', of('x'))];
  await toolOf(defined).deliver(items, context());
  expect(asked.map(({ body }) => (Array.isArray(body) ? namesIn(body) : (body as { who?: string }).who))).toEqual([
    ['a', 'c'],
    'd',
    'b',
  ]);
});

describe('a change of an account', () => {
  /** A tool that does what this condition says, and sends the whole call. */
  const taking = (defaultSubscription: string) => {
    const defined = definition();
    const whole = { ...text, type: 'object', default: { '@path': '$.' } };
    const { performBatch: _none, ...alone } = defined.actions.tell as Record<string, unknown>;
    defined.actions.tell = { ...alone, defaultSubscription, fields: { whole } };
    return defined;
  };
  const both = 'type = "track" or type = "group"';
  const { userId: _user, anonymousId: _device, ...call } = entered;
  const change = {
    ...item('acme'),
    call: { ...call, context: { ...entered.context, groupId: 'acme' }, event: 'Audience Exited' } as AudienceEvent,
  };
  const toldBy = async (when: string, one: object = change, destination: object = {}) => {
    const actions = [{ action: 'tell', when, mapping: {} }];
    await toolOf(taking(when), { destination: { actions, ...destination } }).deliver([one as typeof change], context());
    return asked.map(({ body }) => body.whole);
  };

  it('is told by a group call where the tool takes such calls', async () => {
    const [told, ...others] = await toldBy(both);
    expect(others).toEqual([]);
    expect(told).toMatchObject({ type: 'group', groupId: 'acme', traits: { vips: false } });
    expect(told).not.toHaveProperty('event');
    expect(told).not.toHaveProperty('userId');
  });

  it.each([
    { name: 'the tool takes only events', when: 'type = "track"', one: change, destination: {} },
    { name: 'it is configured so', when: both, one: change, destination: { tell: 'track' } },
    { name: 'it is of a person', when: both, one: item('ann'), destination: {} },
  ])('is told by an event where $name', async ({ when, one, destination }) => {
    expect(await toldBy(when, one, destination)).toMatchObject([{ type: 'track', event: one.call.event }]);
  });
});

it('says that nothing was sent, and that no action accepts a call', async () => {
  const defined = definition();
  defined.actions.tell = { ...defined.actions.tell, perform: () => undefined };
  const other = { ...item('b'), about: undefined, call: { ...item('b').call, event: 'Other' as 'Audience Entered' } };
  expect(await toolOf(defined).deliver([item('a')], context())).toEqual([
    { kind: 'filtered', reason: 'nothing sent', requests: 0 },
  ]);
  expect(await toolOf(defined).deliver([other], context())).toEqual([
    { kind: 'filtered', reason: 'no action accepts it', requests: 0 },
  ]);
});

it('pauses while its secret is not complete, and says nothing of its values', async () => {
  const secret = async () => ({ settings: { kye: 'secret' }, environment: {}, allowedPrivateHosts: [] });
  expect(await toolOf(definition(), { secret }).deliver([item('a')], context())).toEqual([
    { kind: 'unauthorized', reason: 'ToolNotConfigured', requests: 0 },
  ]);
});

it('provides the credentials of the partner before it loads the definition', async () => {
  const steps: string[] = [];
  const tool = toolOf(definition(), {
    destination: { tool: 'facebook-conversions-api' },
    provide: (variables) => void steps.push(Object.keys(variables).join()),
    load: async () => {
      steps.push('loaded');
      return definition();
    },
    secret: async () => ({
      settings: { key: 'k' },
      environment: { ACTIONS_FB_CAPI_SYSTEM_USER_TOKEN: 's' },
      allowedPrivateHosts: [host],
    }),
  });
  await tool.deliver([item('a')], context());
  expect(steps).toEqual(['ACTIONS_MEMORA_ENV,ACTIONS_FB_CAPI_SYSTEM_USER_TOKEN', 'loaded']);
});

const withLists = () => ({
  ...definition(),
  audienceFields: { place: { ...text, default: 'here' } },
  audienceConfig: {
    mode: { type: 'synced', full_audience_sync: false },
    createAudience: async (ask: Ask, { audienceName }: { audienceName: string }) => {
      const { data } = (await post(ask, 'lists', { payload: { audienceName }, settings: {} })) as {
        data: { id: string };
      };
      return { externalId: data.id };
    },
    getAudience: async () => ({ externalId: 'list-1' }),
  },
});

it('makes a list once, and names it in each call, with its settings', async () => {
  const known = new Map<string, string>();
  const lists = {
    find: async (segment: string) => known.get(segment),
    claim: async () => true,
    record: async (segment: string, id: string) => {
      known.set(segment, id);
      return id;
    },
  };
  const tool = toolOf(withLists(), { lists });
  await tool.deliver([item('a')], context());
  await tool.deliver([item('b')], context());
  expect(asked.map(({ path }) => path)).toEqual(['/lists', '/one', '/one']);
  expect(asked[1]?.body).toMatchObject({ who: 'a', list: 'list-1', setting: 'here' });
  expect([...known]).toEqual([['vips', 'list-1']]);
});

it.each([undefined, null, ''])('records no list that a tool names %j, and tells nothing', async (externalId) => {
  const recorded: string[] = [];
  const lists = { find: async () => undefined, claim: async () => true, record: async (_: string, id: string) => id };
  const record = async (_segment: string, id: string) => {
    recorded.push(id);
    return id;
  };
  const defined = withLists();
  Object.assign(defined.audienceConfig, { createAudience: async () => ({ externalId }) });
  const outcomes = await toolOf(defined, { lists: { ...lists, record } }).deliver([item('a')], context());
  expect(outcomes).toMatchObject([{ kind: 'retry', reason: 'NoListNamed', mostTries: 3 }]);
  expect([recorded, asked]).toEqual([[], []]);
});

it('waits while somebody else makes the list, and takes a configured one as it is', async () => {
  const lists = { find: async () => undefined, claim: async () => false, record: async () => '' };
  expect(await toolOf(withLists(), { lists }).deliver([item('a')], context())).toMatchObject([{ kind: 'retry' }]);
  expect(asked).toEqual([]);
  await toolOf(withLists(), { lists, destination: { lists: { vips: 'own' } } }).deliver([item('a')], context());
  expect(asked.map(({ body }) => body.list)).toEqual(['own']);
});

const withTokens = () => ({
  ...definition(),
  authentication: {
    scheme: 'oauth2',
    fields: {},
    refreshAccessToken: async (ask: Ask, { auth }: { auth: { refreshToken: string } }) => {
      await post(ask, 'refresh', { payload: { with: auth.refreshToken }, settings: {} });
      return { accessToken: `${auth.refreshToken}-new`, refreshToken: 'r2' };
    },
  },
});
const secretWith = (oauth: Tokens) => ({ settings: {}, environment: {}, allowedPrivateHosts: [host], oauth });

it('refreshes tokens that have expired, and stores them', async () => {
  answer = ({ path, token }) => (path === '/one' && token === 'old' ? 401 : 200);
  const kept: unknown[] = [];
  const tool = toolOf(withTokens(), {
    secret: async () => secretWith({ accessToken: 'old', refreshToken: 'r1' }),
    keepTokens: async (...tokens) => void kept.push(tokens),
  });
  expect(await tool.deliver([item('a')], context())).toMatchObject([{ kind: 'delivered' }]);
  expect(asked.map(({ path, token }) => [path, token])).toEqual([
    ['/one', 'old'],
    ['/refresh', undefined],
    ['/one', 'r1-new'],
  ]);
  expect(kept).toEqual([
    [
      { accessToken: 'old', refreshToken: 'r1' },
      { accessToken: 'r1-new', refreshToken: 'r2' },
    ],
  ]);
});

it('refreshes tokens once for a list and all calls, because a tool may accept a refresh token once', async () => {
  let isUsed = false;
  answer = ({ path, token }) => {
    if (path !== '/refresh') return token === 'old' ? 401 : 200;
    if (isUsed) return 400;
    isUsed = true;
    return 200;
  };
  const { authentication } = withTokens();
  const defined = { ...withLists(), authentication };
  const createAudience = async (ask: Ask) => {
    const { data } = (await post(ask, 'lists', { payload: {}, settings: {} })) as { data: { id: string } };
    return { externalId: data.id };
  };
  Object.assign(defined, {
    extendRequest: ({ auth }: Told) => ({ headers: { authorization: auth?.accessToken } }),
    audienceConfig: { ...defined.audienceConfig, createAudience },
  });
  const lists = { find: async () => undefined, claim: async () => true, record: async (_: string, id: string) => id };
  const secret = async () => secretWith({ accessToken: 'old', refreshToken: 'r1' });
  const tool = toolOf(defined, { secret, lists });
  const outcomes = await tool.deliver([item('a', { event: 'Audience Entered' })], context());
  expect(outcomes).toMatchObject([{ kind: 'delivered' }]);
  expect(asked.map(({ path, token }) => [path, token])).toEqual([
    ['/lists', 'old'],
    ['/refresh', undefined],
    ['/lists', 'r1-new'],
    ['/one', 'r1-new'],
  ]);
});

it.each([
  { status: 400, kind: 'unauthorized' },
  { status: 403, kind: 'unauthorized' },
  { status: 503, kind: 'retry' },
])('ends as $kind if the refresh is answered by $status', async ({ status, kind }) => {
  answer = ({ path }) => (path === '/refresh' ? status : 401);
  const secret = async () => secretWith({ accessToken: 'old', refreshToken: 'r1' });
  expect(await toolOf(withTokens(), { secret }).deliver([item('a')], context())).toMatchObject([{ kind }]);
});

it('takes the tokens that somebody else has refreshed meanwhile', async () => {
  // The tool accepts a refresh token once, and this one was used.
  answer = ({ path, token }) => (path === '/refresh' || token === 'old' ? 401 : 200);
  let current: Tokens = { accessToken: 'old', refreshToken: 'r1' };
  const secret = async (maxAge?: number) => {
    if (maxAge !== undefined) current = { accessToken: 'theirs' };
    return secretWith(current);
  };
  expect(await toolOf(withTokens(), { secret }).deliver([item('a')], context())).toMatchObject([{ kind: 'delivered' }]);
  expect(asked.at(-1)).toMatchObject({ path: '/one', token: 'theirs' });
});
