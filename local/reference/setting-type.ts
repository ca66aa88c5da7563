import { code } from './markdown.ts';

/** A setting in zod's JSON Schema. */
export interface Setting {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Setting>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Setting;
  readonly items?: Setting;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Setting[];
  readonly oneOf?: readonly Setting[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  /** Its type in words, where JSON Schema has none. */
  readonly title?: string;
}

/** A setting's type and bounds in words. */
export function typeText(setting: Setting): string {
  if (setting.title !== undefined) return setting.title;
  if (setting.const !== undefined) return code(JSON.stringify(setting.const));
  if (setting.enum !== undefined) return setting.enum.map((value) => code(JSON.stringify(value))).join(', ');
  const several = setting.anyOf ?? setting.oneOf;
  if (several !== undefined)
    return setting.oneOf === undefined ? several.map(typeText).join(' or ') : 'one of the kinds below';
  if (setting.items !== undefined)
    return `list of ${typeText(setting.items)}${(setting.minItems ?? 0) > 0 ? `, at least ${setting.minItems}` : ''}`;
  if (typeof setting.additionalProperties === 'object') return `by name: ${typeText(setting.additionalProperties)}`;
  if (Array.isArray(setting.type)) return setting.type.join(' or ');
  return `${setting.type === 'integer' ? 'whole number' : (setting.type ?? 'any value')}${bounds(setting)}`;
}

function bounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Setting): string {
  if (exclusiveMinimum !== undefined && exclusiveMaximum !== undefined)
    return ` above ${exclusiveMinimum} and below ${exclusiveMaximum}`;
  const most = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (minimum === undefined) return most === undefined ? '' : `, at most ${most}`;
  return most === undefined ? `, at least ${minimum}` : `, ${minimum} to ${most}`;
}

/** The default of a field in words. Objects have the defaults of their fields. */
export function defaultText(name: string, setting: Setting, { required = [] }: Setting): string {
  if (required.includes(name)) return '**required**';
  if (setting.default === undefined) return 'none';
  const empty = typeof setting.default === 'object' && Object.keys(setting.default ?? {}).length === 0;
  if (empty && setting.properties !== undefined) return 'its own defaults';
  return code(JSON.stringify(setting.default));
}
