import { kindOf } from '../../lambdas/adapters/destinations/catalogue/checks/setting-flaws.ts';
import { categoryOf } from '../../lambdas/adapters/destinations/catalogue/definitions/categories.ts';
import {
  type Definition,
  defaultOf,
  isSecret,
  makesLists,
  type SettingField,
  settingFields,
  usesTokens,
} from '../../lambdas/adapters/destinations/catalogue/definitions/definition.ts';
import {
  needsAllCredentials,
  partnerCredentials,
} from '../../lambdas/adapters/destinations/catalogue/definitions/partner-credentials.ts';
import { subscriptionsOf, toldBy } from '../../lambdas/adapters/destinations/catalogue/definitions/subscription.ts';
import { exampleOf, exampleSecret } from './example.ts';
import { literal } from './literal.ts';

/** A tool of the catalogue, in words. */
export interface ToolDescription {
  readonly tool: string;
  readonly name: string;
  readonly category: string;
  /** What it needs besides settings, each a sentence. */
  readonly needs: readonly string[];
  /** Rows: name, what it is, what it holds, where it stands. */
  readonly settings: readonly (readonly string[])[];
  readonly audience: readonly (readonly string[])[];
  /** Rows: name, what it does, whether it takes batches, when it is told by itself. */
  readonly actions: readonly (readonly string[])[];
  /** The call by which it is told about segments. */
  readonly toldBy: string;
  readonly configuration: string;
  readonly secret: string | undefined;
}

/** Describes a tool by its definition. */
export function describeTool(tool: string, definition: Definition): ToolDescription {
  const secret = exampleSecret(tool, definition);
  const presets = subscriptionsOf(definition, {});
  return {
    tool,
    name: plain(definition.name.replace(/\s*\(actions\)\s*/i, ' ')).trim(),
    category: categoryOf(tool) ?? 'Others',
    needs: needsOf(tool, definition),
    settings: rowsOf(settingFields(definition)),
    audience: rowsOf(definition.audienceFields ?? {}),
    actions: Object.entries(definition.actions).map(([name, { title, description, performBatch }]) => [
      name,
      plain(description || title),
      performBatch === undefined ? 'no' : 'yes',
      presets
        .filter(({ action }) => action === name)
        .map(({ when }) => when)
        .join('; '),
    ]),
    toldBy: toldBy(definition, {}),
    configuration: literal(exampleOf(tool, definition)),
    secret: secret === undefined ? undefined : JSON.stringify(secret, undefined, 2),
  };
}

function needsOf(tool: string, definition: Definition): readonly string[] {
  const credentials = partnerCredentials(tool);
  const of = needsAllCredentials(tool) ? '' : ': those of your region or way to log in';
  return [
    ...(usesTokens(definition)
      ? ['Tokens of OAuth in its secret. Refreshed tokens are stored there by themselves.']
      : []),
    ...(credentials.length > 0 ? [`Credentials of the tool’s partner, as environment of its secret${of}.`] : []),
    ...(makesLists(definition)
      ? ['No lists of your own: it gets one a segment, as soon as the first person enters.']
      : []),
  ];
}

const rowsOf = (fields: Readonly<Record<string, SettingField>>): string[][] =>
  Object.entries(fields).map(([name, field]) => [
    name,
    plain(field.description || field.label),
    neededText(field, kindOf(field)),
    isSecret(name, field) ? 'secret' : 'configuration',
  ]);

function neededText(field: SettingField, kind: string): string {
  const usual = defaultOf(field);
  if (usual !== undefined) return `${kind}; by default ${JSON.stringify(usual)}`;
  return field.required === true ? `${kind}, **required**` : kind;
}

/** Text of the catalogue on one line: without HTML, and links without what they lead to. */
export const plain = (text: string): string =>
  text
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[[\]<>]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
