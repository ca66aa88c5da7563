import type { JSONObject } from '@segment/actions-core';
import { type AudienceEvent, asGroup } from '../../../core/destinations/audience-event.ts';
import type { CatalogueDestination } from '../../../core/destinations/definition.ts';
import type { Call, Destination, Item } from '../../../core/destinations/destination.ts';
import { type Outcome, outcomeOf } from '../../../core/destinations/outcome.ts';
import { offTrip } from '../../egress/trip.ts';
import { asIdentify } from './definitions/audience-call.ts';
import { holds, parseCondition } from './definitions/condition.ts';
import { type Definition, definitionIn, makesLists, settingDefaults, settingFields } from './definitions/definition.ts';
import { fixedEnvironment } from './definitions/partner-credentials.ts';
import { type Subscription, subscriptionsOf, takesGroups, toldBy } from './definitions/subscription.ts';
import { type Lists, listOf } from './lists.ts';
import { worstOf } from './outcomes.ts';
import { type ReadyTool, send } from './sending.ts';
import { type Surroundings, surroundings } from './surroundings.ts';
import { libraryTokens, secretFlaws, type Tokens, ToolNotConfigured, type ToolSecret } from './tool-secret.ts';

/** Everything that a tool of the catalogue works with. */
export interface ToolDeps {
  readonly destination: CatalogueDestination;
  /** Loads the module of the tool's definition, which reads the environment while it loads. */
  readonly load: () => Promise<unknown>;
  /** Puts variables into the environment, where definitions look for them. */
  readonly provide: (variables: Readonly<Record<string, string>>) => void;
  /** Reads the secret, which may be as old as given: by default a minute. */
  readonly secret: (maxAge?: number) => Promise<ToolSecret>;
  /** Stores tokens that a tool has refreshed, unless somebody else has stored others meanwhile. */
  readonly keepTokens: (old: Tokens, refreshed: Pick<Tokens, 'accessToken' | 'refreshToken'>) => Promise<void>;
  /** Lists that were made in the tool. */
  readonly lists: Lists;
  readonly proxy?: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A tool of the catalogue, told by the actions that its configuration names or by its presets. */
export function catalogueTool(deps: ToolDeps): Destination {
  const around = surroundings(deps.now);
  return {
    batches: { size: 100, keyOf: ({ call }) => `${call.type} ${'event' in call ? call.event : ''}` },
    deliver: async (items, { deadline }) => {
      try {
        const tool = await readyTool(deps, around, deadline);
        const outcomes = await tell(tool, deps, items);
        if (!(await othersRefreshed(tool, outcomes, deps))) return outcomes;
        return await tell(await readyTool(deps, around, deadline), deps, items);
      } catch (error) {
        const outcome = outcomeOf(error);
        return items.map(() => outcome);
      }
    },
  };
}

/** Whether the tool refused tokens that somebody else has replaced meanwhile. */
async function othersRefreshed({ settings }: ReadyTool, outcomes: readonly Outcome[], { secret }: ToolDeps) {
  if (settings.oauth === undefined || outcomes.every(({ kind }) => kind !== 'unauthorized')) return false;
  const { oauth } = await secret(-1);
  return oauth !== undefined && oauth.accessToken !== (settings.oauth as { access_token?: unknown }).access_token;
}

/** Loads a tool with its settings. @throws ToolNotConfigured if its secret is not complete */
export async function readyTool(deps: ToolDeps, around: () => Surroundings, deadline: number): Promise<ReadyTool> {
  const { destination, load, provide, proxy } = deps;
  const secret = await deps.secret();
  provide({ ...fixedEnvironment, ...secret.environment });
  const loaded = definitionIn(await load());
  const flaws = secretFlaws(destination.tool, loaded, secret);
  if (flaws.length > 0) throw new ToolNotConfigured(flaws.join('; '));
  const settings = {
    ...settingDefaults(settingFields(loaded)),
    ...destination.settings,
    ...secret.settings,
    ...(secret.oauth && { oauth: libraryTokens(secret.oauth) }),
  } as JSONObject;
  const { allowedPrivateHosts } = secret;
  return {
    definition: keepingTokens(loaded, secret, deps),
    settings,
    around,
    route: { allowedPrivateHosts, proxy, deadline },
  };
}

/**
 * A definition that stores the tokens that it refreshes. The library finds its schemas by the definition's name, which
 * must be the scheme of a URI; "Braze (Actions)" is none.
 */
function keepingTokens(definition: Definition, { oauth }: ToolSecret, { keepTokens }: ToolDeps): Definition {
  const named = { ...definition, name: definition.slug ?? definition.name };
  const { authentication } = definition;
  if (oauth === undefined || authentication === undefined || !('refreshAccessToken' in authentication)) return named;
  const { refreshAccessToken } = authentication;
  if (refreshAccessToken === undefined) return named;
  return {
    ...named,
    authentication: {
      ...authentication,
      refreshAccessToken: async (...given) => {
        const refreshed = await refreshAccessToken(...given).catch((error: unknown) => {
          throw outcomeOf(error).kind === 'refused' ? new RefreshRefused('it must be connected again') : error;
        });
        await offTrip(() => keepTokens(oauth, refreshed));
        return refreshed;
      },
    },
  };
}

/** The tool does not accept the refresh token. OAuth says so by 400, which otherwise is an answer about one item. */
class RefreshRefused extends Error {
  override readonly name = 'InvalidAuthenticationError';
}

async function tell(tool: ReadyTool, deps: ToolDeps, items: readonly Item[]): Promise<readonly Outcome[]> {
  const type = toldBy(tool.definition, deps.destination);
  const calls = await Promise.all(items.map((item) => callOf(tool, deps, item, type)));
  const outcomes = calls.map((): Outcome[] => []);
  for (const subscription of subscriptionsOf(tool.definition, deps.destination)) {
    const accepted = calls.map((call, n) => ({ call, n })).filter(({ call }) => accepts(subscription, call));
    const told = await send(
      tool,
      subscription,
      accepted.map(({ call }) => call),
    );
    for (const [at, { n }] of accepted.entries()) outcomes[n]?.push(...told.slice(at, at + 1));
  }
  return outcomes.map(worstOf);
}

function accepts({ when }: Subscription, call: Call): boolean {
  const condition = parseCondition(when);
  return condition !== undefined && holds(condition, call);
}

/** The call as the tool takes it: an audience event with its list in the tool, or something else as it is. */
async function callOf(
  tool: ReadyTool,
  { destination, lists }: ToolDeps,
  { call, about }: Item,
  type: 'track' | 'identify',
): Promise<Call> {
  if (about === undefined || !isAudienceEvent(call)) return call;
  const group = takesGroups(tool.definition, destination) ? asGroup(call) : undefined;
  if (group !== undefined) return group;
  const list = makesLists(tool.definition) ? await listOf(tool, { destination, lists, segment: about }) : undefined;
  const keepsAudiences = tool.definition.audienceFields !== undefined;
  const personas = {
    ...call.context.personas,
    ...(list !== undefined && { external_audience_id: list }),
    ...(tool.definition.audienceFields !== undefined && {
      audience_settings: { ...settingDefaults(tool.definition.audienceFields), ...destination.audience },
    }),
  } as AudienceEvent['context']['personas'];
  const { timestamp } = call;
  const told = {
    receivedAt: timestamp,
    sentAt: timestamp,
    originalTimestamp: timestamp,
    ...call,
    // Tools that keep audiences look for an e-mail among the properties; others would store it with each event.
    properties: { ...(keepsAudiences && call.context.traits), ...call.properties },
    context: { ...call.context, personas },
  };
  return type === 'track' ? told : asIdentify(told);
}

const isAudienceEvent = (call: Call): call is AudienceEvent =>
  call.type === 'track' && 'event' in call && ['Audience Entered', 'Audience Exited'].includes(String(call.event));
