import type { CatalogueDestination } from '../../../../core/destinations/definition.ts';
import { fqlFlaw } from '../../../../core/destinations/forwarding/fql.ts';
import { ownValue } from '../../../../core/values/own-value.ts';
import { exampleCalls, exampleTraits } from '../definitions/audience-call.ts';
import { asksOnlyName, holds, parseCondition } from '../definitions/condition.ts';
import { type Action, type ActionField, actionOf, choicesOf, type Definition } from '../definitions/definition.ts';
import { mappingFault } from '../definitions/installed.ts';
import { isForAudiences, type Subscription, subscriptionsOf, toldBy } from '../definitions/subscription.ts';
import { type Flaw, noneOfThese, wrong } from './flaw.ts';
import { kindOf } from './setting-flaws.ts';

type Task = NonNullable<CatalogueDestination['actions']>[number];

/** Fields of mappings that the library itself reads. */
const fieldsOfLibrary = new Set(['__segment_internal_matching_key', 'onMappingSave', 'retlOnMappingSave']);

/** The flaws of what a tool is asked to do. A wrong name would look like a success, because the library ignores it. */
export function taskFlaws(definition: Definition, destination: CatalogueDestination): readonly Flaw[] {
  const flaws = (destination.actions ?? []).flatMap((task, n) => [
    ...actionFlaws(definition, task, ['actions', n]),
    ...conditionFlaws(definition, destination, n),
  ]);
  // What is true of an event that is forwarded is known when it comes.
  const untold = destination.segments.length === 0;
  if (flaws.length > 0) return [...flaws, ...noTaskFlaws(definition, destination)];
  const accepted = untold ? noTaskFlaws(definition, destination) : acceptanceFlaws(definition, destination);
  return accepted.length > 0 ? accepted : traitFlaws(definition, destination);
}

/** Computed traits are told by identify and group calls, and tools that keep audiences would take them for members. */
function traitFlaws(definition: Definition, destination: CatalogueDestination): Flaw[] {
  if (destination.traits.length === 0) return [];
  const { tool } = destination;
  const known = Object.keys(definition.actions);
  if (isForAudiences(definition, destination))
    return [noneOfThese(['traits'], `${tool} keeps audiences and takes no computed traits: name actions`, known)];
  const conditions = subscriptionsOf(definition, destination).flatMap(({ when }) => parseCondition(when) ?? []);
  return conditions.some((condition) => exampleTraits.some((call) => holds(condition, call)))
    ? []
    : [noneOfThese(['traits'], `nothing that ${tool} is asked to do accepts identify or group calls`, known)];
}

function actionFlaws(definition: Definition, task: Task, at: Flaw['path']): Flaw[] {
  const action = actionOf(definition, task.action);
  if (action === undefined)
    return [noneOfThese([...at, 'action'], `is no action of ${definition.name}`, Object.keys(definition.actions))];
  const modes = action.syncMode?.choices.map(({ value }) => value) ?? [];
  const mode = task.syncMode;
  return [
    ...(mode === undefined || modes.includes(mode)
      ? []
      : [noneOfThese([...at, 'syncMode'], `is not accepted by ${task.action}`, modes)]),
    ...mappingFlaws(task, action, [...at, 'mapping']),
  ];
}

function mappingFlaws({ action: name, mapping }: Task, { fields }: Action, at: Flaw['path']): Flaw[] {
  const unknown = Object.keys(mapping).filter((field) => !Object.hasOwn(fields, field) && !fieldsOfLibrary.has(field));
  return [
    ...unknown.map((field) => noneOfThese([...at, field], `is no field of ${name}`, Object.keys(fields))),
    ...Object.entries(fields).flatMap(([field, declared]) =>
      mappedFlaws(ownValue(mapping, field), declared, [...at, field]),
    ),
  ];
}

function mappedFlaws(value: unknown, field: ActionField, path: Flaw['path']): Flaw[] {
  if (value === undefined) {
    const needed = field.required === true && field.default === undefined;
    return needed
      ? [wrong(path, `${kindOf(field)} or a path such as {"@path": "$.userId"} (${field.label})`, value)]
      : [];
  }
  const fault = mappingFault(value);
  if (fault !== undefined) return [{ path, message: `is no mapping: ${fault}` }];
  return typeof value === 'object' || fits(value, field) ? [] : [wrong(path, `${kindOf(field)} or a path`, value)];
}

function fits(value: unknown, field: ActionField): boolean {
  const choices = choicesOf(field);
  if (choices.length > 0) return choices.includes(value as string);
  return !['number', 'integer'].includes(field.type) || Number.isFinite(Number(value));
}

function conditionFlaws(definition: Definition, destination: CatalogueDestination, n: number): Flaw[] {
  const { when = '' } = subscriptionsOf(definition, destination)[n] ?? {};
  const path = ['actions', n, 'when'];
  if (when === '') return [wrong(path, 'a condition, because the action has none of its own', undefined)];
  const flaw = destination.actions?.[n]?.when === undefined ? undefined : fqlFlaw(when);
  if (flaw !== undefined) return [{ path, message: flaw }];
  const condition = parseCondition(when);
  if (condition === undefined) return [];
  const calls = exampleCalls[toldBy(definition, destination)];
  if (destination.events !== undefined || !asksOnlyName(condition) || calls.some((call) => holds(condition, call)))
    return [];
  return [{ path, message: `is true of no event that this destination is told: ${namesOf(calls)}` }];
}

const namesOf = (calls: readonly object[]): string =>
  calls.map((call) => ('event' in call ? `track "${call.event}"` : 'identify')).join(', ');

function noTaskFlaws(definition: Definition, destination: CatalogueDestination): Flaw[] {
  if (subscriptionsOf(definition, destination).length > 0) return [];
  const known = Object.keys(definition.actions);
  return [noneOfThese(['actions'], `${destination.tool} has no presets: say what it does`, known)];
}

/** A tool without any subscription that is true of an audience event would receive nothing, and nobody would know. */
function acceptanceFlaws(definition: Definition, destination: CatalogueDestination): Flaw[] {
  const none = noTaskFlaws(definition, destination);
  if (none.length > 0) return none;
  const subscriptions = subscriptionsOf(definition, destination);
  const known = Object.keys(definition.actions);
  const told = toldBy(definition, destination);
  const accepted = subscriptions.filter(({ when }) => {
    const condition = parseCondition(when);
    if (condition === undefined) return false;
    return !asksOnlyName(condition) || exampleCalls[told].some((call) => holds(condition, call));
  });
  if (accepted.length === 0)
    return [
      noneOfThese(['tell'], `no preset of ${destination.tool} accepts ${told} calls of audiences: name actions`, known),
    ];
  return destination.actions === undefined ? accepted.flatMap((preset) => leftOut(definition, preset)) : [];
}

/** Fields that an action must have and its preset leaves to people. */
function leftOut(definition: Definition, { action, mapping }: Subscription): Flaw[] {
  const missing = Object.entries(actionOf(definition, action)?.fields ?? {})
    .filter(([name, { required }]) => required === true && !Object.hasOwn(mapping, name))
    .map(([name]) => name);
  const message = `the preset leaves ${missing.join(', ')} of ${action} to you: name the action, with a mapping of them`;
  return missing.length === 0 ? [] : [{ path: ['actions'], message }];
}
