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

/** The definition in a module: the bundler decides whether the default export is one level down. */
export const definitionIn = (module: unknown): Definition =>
  ((module as { default?: unknown }).default ?? module) as Definition;

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

/** The action of a name; undefined if the tool has none. */
export const actionOf = ({ actions }: Definition, name: string): Action | undefined =>
  Object.hasOwn(actions, name) ? actions[name] : undefined;
