import type * as z from 'zod';
import type { Api, PullAuth } from './api.ts';
import type { Read, Reading } from './reading.ts';

/** A part of addresses or questions that differs between accounts. */
export interface PresetSetting {
  /** What it may be. */
  readonly pattern: RegExp;
  /** What counts without it; absent if it must be given. */
  readonly default?: string;
}

interface PresetRead extends Omit<z.input<typeof Read>, 'json'> {
  json?: object;
}
type PresetReading = Omit<z.input<typeof Reading>, 'reads'> & { reads: PresetRead[] };

/** Data that nobody changes. */
type Fixed<T> = T extends object ? { readonly [Name in keyof T]: Fixed<T[Name]> } : T;

/** An object of a vendor: what its rows are, and how they are read. */
export interface PresetObject {
  readonly declared: { readonly object: string } & Readonly<Record<string, unknown>>;
  readonly reading: Fixed<PresetReading>;
}

/** All that a vendor's API needs, as data. `{name}` stands for a setting, also in addresses. */
export interface PullPreset {
  /** The vendor's documentation that it was checked against. */
  readonly pages: readonly string[];
  readonly api: Omit<z.input<typeof Api>, 'auth'>;
  /** Ways to prove who the source is; the first counts where none is named. */
  readonly auths: Readonly<Record<string, z.input<typeof PullAuth>>>;
  readonly settings: Readonly<Record<string, PresetSetting>>;
  readonly objects: readonly PresetObject[];
}

/** A token in the header `Authorization`. */
export const bearer = { type: 'header' } as const;

/** The context that names a person by the vendor's id of a record. */
export const personById = (type: string): object => ({
  externalIds: [{ id: { '@path': '$.id' }, type, collection: 'users', encoding: 'none' }],
});

/** Traits that read what changed of columns with other names. */
export const changedTraits = (columns: Readonly<Record<string, string>>): Record<string, { '@path': string }> =>
  Object.fromEntries(Object.entries(columns).map(([trait, column]) => [trait, { '@path': `$.changed.${column}` }]));

/** People of a vendor as records, and how they are told of. */
interface People {
  readonly object: string;
  /** Type of the vendor's id of a person. */
  readonly id: string;
  /** Column with that id. */
  readonly key?: string;
  readonly updatedAt: string;
  /** The event of a deletion. */
  readonly deleted: string;
  /** Columns that traits read, by trait. */
  readonly traits: Readonly<Record<string, string>>;
}

/** Companies of a vendor as records. */
interface Companies extends Omit<People, 'id' | 'deleted'> {
  /** What comes before the vendor's id in the account's `groupId`, so that two vendors' ids never are one account. */
  readonly prefix: string;
}

/**
 * Records of companies: what changed becomes traits of an account, which no person is made for. A deletion is a trait,
 * too, and takes itself back when the company returns.
 */
export const companies = ({ object, prefix, key = 'id', updatedAt, traits }: Companies): PresetObject['declared'] => {
  const groupId = { '@template': `${prefix}:{{id}}` };
  const changed = changedTraits(traits);
  return {
    object,
    rows: 'records',
    key: [key],
    updatedAt,
    mappings: [
      { on: ['created'], to: { type: 'group', groupId, traits: { ...changed, deleted_at: null } } },
      { on: ['updated'], to: { type: 'group', groupId, traits: changed } },
      { on: ['deleted'], to: { type: 'group', groupId, traits: { deleted_at: { '@path': '$.time' } } } },
    ],
  };
};

/** Records of people: what changed becomes traits, and a deletion an event. */
export const people = ({ object, id, key = 'id', updatedAt, deleted, traits }: People): PresetObject['declared'] => ({
  object,
  rows: 'records',
  key: [key],
  updatedAt,
  mappings: [
    { to: { type: 'identify', traits: changedTraits(traits), context: personById(id) } },
    { on: ['deleted'], to: { type: 'track', event: deleted, context: personById(id) } },
  ],
});
