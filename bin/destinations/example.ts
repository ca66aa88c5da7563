import { toolFlaws } from '../../lambdas/adapters/destinations/catalogue/checks/tool-flaws.ts';
import { exampleCalls } from '../../lambdas/adapters/destinations/catalogue/definitions/audience-call.ts';
import { holds, parseCondition } from '../../lambdas/adapters/destinations/catalogue/definitions/condition.ts';
import {
  type Action,
  choicesOf,
  type Definition,
  defaultOf,
  isSecret,
  type SettingField,
  settingFields,
  usesTokens,
} from '../../lambdas/adapters/destinations/catalogue/definitions/definition.ts';
import { partnerCredentials } from '../../lambdas/adapters/destinations/catalogue/definitions/partner-credentials.ts';
import type { CatalogueDestination } from '../../lambdas/core/destinations/definition.ts';

type Value = string | number | boolean;
type Fields = Readonly<Record<string, SettingField>>;

/** A destination of a tool, as a configuration may have it, with values to replace. */
export function exampleOf(tool: string, definition: Definition): Partial<CatalogueDestination> {
  const plain = {
    id: tool,
    kind: 'catalogue' as const,
    tool,
    segments: ['big_spenders'],
    settings: needed(settingFields(definition)),
    audience: needed(definition.audienceFields ?? {}),
  };
  const whole: CatalogueDestination = { ...plain, lists: {}, traits: [], personal: ['email'], consent: [], uses: [] };
  const { audience, ...others } = plain;
  const shown = { ...others, ...(Object.keys(audience).length > 0 && { audience }) };
  const lacksActions = toolFlaws(whole).some(({ path }) => path[0] === 'actions' || path[0] === 'tell');
  return lacksActions ? { ...shown, actions: [exampleAction(definition)] } : shown;
}

/** Settings that must be there and have no default. */
const needed = (fields: Fields): Record<string, Value> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) =>
      field.required === true && !isSecret(name, field) && defaultOf(field) === undefined
        ? [[name, exampleValue(name, field)]]
        : [],
    ),
  );

function exampleValue(name: string, field: Pick<SettingField, 'type' | 'choices' | 'format'>): Value {
  const [first] = choicesOf(field);
  if (first !== undefined) return first;
  if (field.type === 'number') return 1;
  if (field.type === 'boolean') return true;
  return field.format === 'uri' ? 'https://example.com' : `your ${name}`;
}

function exampleAction(definition: Definition): NonNullable<CatalogueDestination['actions']>[number] {
  const actions = Object.entries(definition.actions);
  const [name = '', action] =
    actions.find(([, { defaultSubscription }]) => acceptsAudiences(defaultSubscription)) ?? actions[0] ?? [];
  const when = acceptsAudiences(action?.defaultSubscription) ? {} : { when: 'event = "Audience Entered"' };
  return { action: name, ...when, mapping: action === undefined ? {} : exampleMapping(action) };
}

function acceptsAudiences(fql: string | undefined): boolean {
  const condition = fql === undefined ? undefined : parseCondition(fql);
  return condition !== undefined && exampleCalls.track.some((call) => holds(condition, call));
}

/** Fields that must be there and have no default. */
const exampleMapping = ({ fields }: Action): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]): [string, unknown][] => {
      if (field.required !== true || field.default !== undefined) return [];
      const [first] = choicesOf(field);
      if (first !== undefined) return [[name, first]];
      if (field.type === 'number' || field.type === 'integer') return [[name, 1]];
      if (field.type === 'object') return [[name, { '@path': '$.properties' }]];
      if (/e_?mail/i.test(name)) return [[name, { '@path': '$.context.traits.email' }]];
      return [[name, /(user|external|distinct|customer).*id$/i.test(name) ? { '@path': '$.userId' } : `your ${name}`]];
    }),
  );

/** The secret of a tool, with texts to replace; undefined if it needs none. */
export function exampleSecret(tool: string, definition: Definition): object | undefined {
  const secrets = Object.entries(settingFields(definition)).filter(
    ([name, field]) => isSecret(name, field) && (field.required !== false || !usesTokens(definition)),
  );
  const environment = Object.fromEntries(partnerCredentials(tool).map((name) => [name, '…']));
  const secret = {
    ...(secrets.length > 0 && { settings: Object.fromEntries(secrets.map(([name]) => [name, '…'])) }),
    ...(Object.keys(environment).length > 0 && { environment }),
    ...(usesTokens(definition) && {
      oauth: { accessToken: '…', refreshToken: '…', clientId: '…', clientSecret: '…' },
    }),
  };
  return Object.keys(secret).length === 0 ? undefined : secret;
}
