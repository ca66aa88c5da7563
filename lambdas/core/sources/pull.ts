import * as z from 'zod';
import { DeclaredId } from '../values/declared-id.ts';
import { ownValue } from '../values/own-value.ts';
import { ClientAnonymous } from './client-anonymous.ts';
import { DefaultCountry } from './default-country.ts';
import { Objects } from './objects.ts';
import { Api } from './pulls/api.ts';
import { filled } from './pulls/fill.ts';
import type { PullPreset } from './pulls/preset.ts';
import { pullPreset, pullPresetNames } from './pulls/presets.ts';
import { Reading } from './pulls/reading.ts';
import { Schedule } from './schedule.ts';
import { watched } from './watched.ts';

const Declared = z.strictObject({
  /** Name in events, tables and metrics: lower-case letters, digits, `-` and `_`, at most 40 characters. */
  id: DeclaredId,
  /** An API that a job reads. */
  kind: z.literal('pull'),
  /** Country of phone numbers without a country code, ISO 3166 alpha-2. */
  defaultCountry: DefaultCountry,
  /** Whether nothing is kept that names the address or the agent of a person's device. */
  clientAnonymous: ClientAnonymous,
  ...watched,
  /** Vendor whose API, objects and mappings are known. Without one, give `api`, `objects` and `reads`. */
  preset: z.enum(pullPresetNames).optional(),
  /** What the preset needs to know of your account, e.g. `{ shop: 'my-shop' }`. */
  settings: z.record(z.string(), z.string()).default({}),
  /** Objects of the preset that are read. By default, all. */
  take: z.array(z.string()).optional(),
  /** Which proof of the preset your account has, e.g. `oauth`. By default, the first. */
  proof: z.string().optional(),
  /** An API without a preset. */
  api: Api.optional(),
  /** Objects of your own. One that has the name of an object of the preset takes its place. */
  objects: Objects.optional(),
  /** How objects of your own are read, by the object's name. */
  reads: z.record(z.string(), Reading).default({}),
  /** Changes before this day are not read, e.g. `2024-01-01`. By default, one year before the first run. */
  since: z.iso.date().optional(),
  /** When a run starts: a cron expression of Glue, UTC; `none` leaves it to `npm run source -- pull`. */
  schedule: Schedule,
  /** `host:port` of APIs in your own network, which may have a private address, and plain HTTP. */
  allowedPrivateHosts: z.array(z.string()).default([]),
});
type Declared = z.infer<typeof Declared>;

/** An API that a job reads by a schedule. */
export const PullSource = Declared.superRefine((source, check) => {
  for (const { path, message } of pullFlaws(source)) check.addIssue({ code: 'custom', path: [...path], message });
}).transform(withPreset);
export type PullSource = z.infer<typeof PullSource>;

interface Flaw {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ') || 'none';

function pullFlaws(source: Declared): Flaw[] {
  const own = source.objects ?? [];
  const unread = own.flatMap(({ object }, n) =>
    Object.hasOwn(source.reads, object) || isOfPreset(source, object)
      ? []
      : [{ path: ['objects', n], message: `reads.${object} must say how it is read` }],
  );
  const strange = Object.keys(source.reads)
    .filter((name) => !own.some(({ object }) => object === name))
    .map((name) => ({ path: ['reads', name], message: `no object of the source has this name` }));
  return [...unread, ...strange, ...(source.preset === undefined ? withoutPreset(source) : presetFlaws(source))];
}

const isOfPreset = ({ preset }: Declared, name: string): boolean =>
  preset !== undefined && pullPreset(preset).objects.some(({ declared }) => declared.object === name);

function withoutPreset({ api, objects, settings, take, proof }: Declared): Flaw[] {
  const needed = [...(api === undefined ? ['api'] : []), ...(objects === undefined ? ['objects'] : [])];
  const useless = Object.entries({ take, proof, settings: Object.keys(settings)[0] });
  return [
    ...needed.map((field) => ({ path: [field], message: 'is required without a preset' })),
    ...useless.flatMap(([field, value]) =>
      value === undefined ? [] : [{ path: [field], message: 'counts only with a preset' }],
    ),
  ];
}

function presetFlaws({ preset, api, settings, take = [], proof }: Declared): Flaw[] {
  if (preset === undefined) return [];
  const { settings: known, objects, auths } = pullPreset(preset);
  const names = objects.map(({ declared }) => declared.object);
  const settingFlaws = Object.entries(known).flatMap(([name, { pattern, default: usual }]) => {
    const value = ownValue(settings, name) ?? usual;
    if (value === undefined) return [{ path: ['settings', name], message: 'is required by the preset' }];
    return pattern.test(value) ? [] : [{ path: ['settings', name], message: `must match ${pattern.source}` }];
  });
  return [
    ...(api === undefined ? [] : [{ path: ['api'], message: 'is known by the preset' }]),
    ...settingFlaws,
    ...Object.keys(settings).flatMap((name) =>
      Object.hasOwn(known, name) ? [] : [{ path: ['settings', name], message: `known: ${quoted(Object.keys(known))}` }],
    ),
    ...take.flatMap((name, n) =>
      names.includes(name) ? [] : [{ path: ['take', n], message: `no object of the preset; known: ${quoted(names)}` }],
    ),
    ...(proof === undefined || Object.hasOwn(auths, proof)
      ? []
      : [{ path: ['proof'], message: `known: ${quoted(Object.keys(auths))}` }]),
  ];
}

/** The source with all that its preset says. */
function withPreset(source: Declared) {
  const { preset: name, settings, take, proof, objects = [], reads, api, ...rest } = source;
  if (name === undefined) return { ...rest, api: Api.parse(api), objects, reads };
  const preset = filledIn(pullPreset(name), settings);
  const auth = proof === undefined ? Object.values(preset.auths)[0] : ownValue(preset.auths, proof);
  const made = Api.parse({ ...preset.api, auth });
  const isOwn = (object: string): boolean => objects.some((own) => own.object === object);
  const theirs = preset.objects.filter(
    ({ declared: { object } }) => !isOwn(object) && (take?.includes(object) ?? true),
  );
  const all = Objects.parse([...theirs.map(({ declared }) => declared), ...objects]);
  const usual = Object.fromEntries(
    preset.objects
      .filter(({ declared }) => all.some(({ object }) => object === declared.object))
      .map(({ declared, reading }) => [declared.object, Reading.parse(reading)]),
  );
  return { ...rest, api: made, objects: all, reads: { ...usual, ...reads } };
}

const filledIn = (preset: PullPreset, settings: Readonly<Record<string, string>>): PullPreset => {
  const usual = Object.entries(preset.settings).flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const { api, auths, objects } = filled(
    { api: preset.api, auths: preset.auths, objects: preset.objects },
    new Map([...usual, ...Object.entries(settings)]),
  );
  return { ...preset, api, auths, objects };
};
