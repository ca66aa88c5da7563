import type { JSONObject, Preset } from '@segment/actions-core';
import type { CatalogueDestination } from '../../../../core/destinations/definition.ts';
import { exampleCalls, exampleGroup, otherCalls } from './audience-call.ts';
import { type FqlCondition, holds, parseCondition } from './condition.ts';
import { type Action, actionOf, type Definition, defaultsOf } from './definition.ts';

/** One thing that a tool is asked to do, and when. */
export interface Subscription {
  readonly name: string;
  readonly action: string;
  /** The condition as text, which is empty if there is none. */
  readonly when: string;
  readonly mapping: JSONObject;
}

/** The name under which the library finds the synchronization mode in a mapping. */
const syncModeField = '__segment_internal_sync_mode';
const entered = 'type = "track" and event = "Audience Entered"';
const exited = 'type = "track" and event = "Audience Exited"';

/** What the catalogue calls the events of audiences, and the condition that recognizes ours. */
const audienceConditions: ReadonlyMap<string, (action: Action) => string> = new Map([
  ['warehouse_audience_entered_track', () => entered],
  ['warehouse_audience_exited_track', () => exited],
  ['warehouse_audience_membership_changed_identify', membershipCondition],
]);

/** Such a preset says identify, also for actions that accept only track. */
function membershipCondition({ defaultSubscription }: Action): string {
  const accepted = parsed(defaultSubscription);
  const onlyTrack = accepted !== undefined && !exampleCalls.identify.some((call) => holds(accepted, call));
  return onlyTrack ? 'type = "track"' : 'type = "identify"';
}

/** What a tool is asked to do: as configured, else by its presets. */
export const subscriptionsOf = (
  definition: Definition,
  { actions }: Pick<CatalogueDestination, 'actions'>,
): readonly Subscription[] =>
  actions === undefined ? presetsOf(definition) : actions.map((task) => configured(definition, task));

type Task = NonNullable<CatalogueDestination['actions']>[number];

function configured(definition: Definition, { action: name, when, mapping, syncMode }: Task): Subscription {
  const action = actionOf(definition, name);
  const mode = syncMode ?? action?.syncMode?.default;
  return {
    name: action?.title ?? name,
    action: name,
    when: when ?? action?.defaultSubscription ?? '',
    mapping: {
      ...defaultsOf(action?.fields ?? {}),
      ...(mode !== undefined && { [syncModeField]: mode }),
      ...mapping,
    } as JSONObject,
  };
}

/** Presets for audiences if a tool has any, else its automatic ones, else actions that are made for audiences. */
function presetsOf(definition: Definition): readonly Subscription[] {
  // Some presets are for a plugin of a browser, which is no action.
  const presets = (definition.presets ?? []).filter(({ partnerAction }) => actionOf(definition, partnerAction));
  const forAudiences = presets.flatMap((preset) => audienceSubscription(definition, preset));
  if (forAudiences.length > 0) return forAudiences;
  const automatic = presets.flatMap((preset) =>
    preset.type === 'automatic' ? [subscription(preset, preset.subscribe)] : [],
  );
  return automatic.length > 0 ? automatic : ownAudienceActions(definition);
}

function audienceSubscription(definition: Definition, preset: Preset): Subscription[] {
  if (preset.type !== 'specificEvent') return [];
  const action = actionOf(definition, preset.partnerAction);
  const condition = audienceConditions.get(preset.eventSlug);
  return condition === undefined || action === undefined ? [] : [subscription(preset, condition(action))];
}

const subscription = (
  { name, partnerAction, mapping = {} }: Pick<Preset, 'name' | 'partnerAction' | 'mapping'>,
  when: string,
): Subscription => ({ name: name ?? partnerAction, action: partnerAction, when, mapping });

function ownAudienceActions(definition: Definition): readonly Subscription[] {
  const named = Object.entries(definition.actions);
  const isOnly = named.length === 1 && definition.audienceFields !== undefined;
  return named.flatMap(([name, { defaultSubscription }]) => {
    const when = defaultSubscription ?? 'type = "track" or type = "identify"';
    return isOnly || isMadeForAudiences(defaultSubscription)
      ? [configured(definition, { action: name, when, mapping: {} })]
      : [];
  });
}

const parsed = (fql: string | undefined): FqlCondition | undefined =>
  fql === undefined ? undefined : parseCondition(fql);

function isMadeForAudiences(fql: string | undefined): boolean {
  const condition = parsed(fql);
  if (condition === undefined) return false;
  return exampleCalls.track.some((call) => holds(condition, call)) && !holds(condition, otherCalls.track);
}

/** The call by which a tool is told: as configured, else identify if its presets accept only that. */
export function toldBy(
  definition: Definition,
  destination: Pick<CatalogueDestination, 'actions' | 'tell'>,
): 'track' | 'identify' {
  if (destination.tell !== undefined) return destination.tell;
  const conditions = subscriptionsOf(definition, destination).flatMap(({ when }) => parsed(when) ?? []);
  const accepts = (type: 'track' | 'identify') =>
    conditions.some((condition) => exampleCalls[type].some((call) => holds(condition, call)));
  return accepts('track') || !accepts('identify') ? 'track' : 'identify';
}

/** Whether a tool is told of accounts by group calls: if it accepts them, and nothing else is configured. */
export const takesGroups = (
  definition: Definition,
  destination: Pick<CatalogueDestination, 'actions' | 'tell'>,
): boolean =>
  destination.tell === undefined &&
  subscriptionsOf(definition, destination)
    .flatMap(({ when }) => parsed(when) ?? [])
    .some((condition) => holds(condition, exampleGroup));

/** Whether a tool without actions of its own keeps audiences, and so takes nothing else. */
export const isForAudiences = (definition: Definition, { actions }: Pick<CatalogueDestination, 'actions'>): boolean =>
  actions === undefined && definition.audienceFields !== undefined;
