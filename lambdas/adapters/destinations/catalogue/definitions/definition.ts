import type {
  ActionDefinition,
  AudienceDestinationDefinition,
  DestinationDefinition,
  GlobalSetting,
  InputField,
} from '@segment/actions-core';

/** The definition of a tool, as the catalogue declares it. */
export type Definition = DestinationDefinition<Record<string, unknown>> &
  Partial<Pick<AudienceDestinationDefinition<Record<string, unknown>>, 'audienceConfig' | 'audienceFields'>>;
/** One thing that a tool can be asked to do. */
export type Action = ActionDefinition<Record<string, unknown>>;
/** A setting of a tool or of its audiences. */
export type SettingField = Pick<
  GlobalSetting,
  'label' | 'description' | 'type' | 'required' | 'default' | 'choices' | 'format' | 'multiple'
>;
/** A field of an action. */
export type ActionField = InputField;

/** The definition in a module: whoever loads it decides how many levels down the default export is. */
export function definitionIn(module: unknown): Definition {
  if (typeof module === 'object' && module !== null && !('actions' in module) && 'default' in module)
    return definitionIn(module.default);
  return module as Definition;
}

/** The settings that a tool needs. */
export const settingFields = ({ authentication }: Definition): Readonly<Record<string, SettingField>> =>
  authentication?.fields ?? {};

/**
 * Whether a setting is a secret. Some definitions declare keys as plain texts, so the name decides, too.
 */
export const isSecret = (name: string, { type }: SettingField): boolean =>
  type === 'password' || /(apiKey|authToken)$/i.test(name);

/** Whether a tool keeps lists that must be made in it first. */
export const makesLists = ({ audienceConfig }: Definition): boolean =>
  audienceConfig !== undefined && 'createAudience' in audienceConfig;

/** Whether a tool gives access by OAuth tokens. */
export const usesTokens = ({ authentication }: Definition): boolean =>
  authentication?.scheme === 'oauth2' || authentication?.scheme === 'oauth-managed';

/** Values of fields that have a default. */
export const defaultsOf = (fields: Readonly<Record<string, { readonly default?: unknown }>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) => (field.default === undefined ? [] : [[name, field.default]])),
  );

/** Values that a setting or a field may have, if its definition lists them. */
export const choicesOf = ({
  choices = [],
}: {
  readonly choices?: readonly (string | number | { readonly value: string | number })[] | undefined;
}): readonly (string | number)[] => choices.map((choice) => (typeof choice === 'object' ? choice.value : choice));

/** The default of a setting. Some definitions have one that is none of the choices, to make people choose. */
export function defaultOf(field: SettingField): string | number | boolean | undefined {
  const choices = choicesOf(field);
  if (field.default === '' || (choices.length > 0 && !choices.includes(field.default as string))) return undefined;
  return field.default;
}

/** Values of the settings that have a default. */
export const settingDefaults = (fields: Readonly<Record<string, SettingField>>): Record<string, unknown> =>
  defaultsOf(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, { default: defaultOf(field) }])));

/** The action of a name; undefined if the tool has none. */
export const actionOf = ({ actions }: Definition, name: string): Action | undefined =>
  Object.hasOwn(actions, name) ? actions[name] : undefined;
