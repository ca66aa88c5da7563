import type { Purpose } from './purpose.ts';

/** What was said about a category: granted, refused or nothing. */
export type Said = (category: string) => boolean | undefined;

/** The category of opt-outs of sale and sharing that a person states. */
export const saleOrShare = 'sale_or_share';

/** The categories that decide about a purpose. */
export interface Clauses {
  /** Categories of a consent tool, of TCF and of GPP: one of these lists must be granted as a whole. */
  readonly groups: readonly (readonly string[])[];
  /** Categories that can only refuse it. */
  readonly limits: readonly string[];
}

export function clausesOf({ key, kind, categories, tcf = [], gpp = [] }: Purpose): Clauses {
  const ofTcf = tcf.map((purpose) => `@tcf:${purpose}`);
  const ofGpp = gpp.map((optOut) => `@gpp:${optOut}`);
  const isSale = kind === 'advertising' || kind === 'sale_or_share';
  return {
    groups: [categories ?? [key], ofTcf, ofGpp].filter(({ length }) => length > 0),
    limits: isSale ? [saleOrShare, '@gpc'] : [],
  };
}

/** Whether a purpose is granted or refused; undefined where nothing that was said decides. Any refusal refuses it. */
export function standingOf(purpose: Purpose, said: Said): boolean | undefined {
  const { groups, limits } = clausesOf(purpose);
  if ([...groups.flat(), ...limits].some((category) => said(category) === false)) return false;
  return groups.some((group) => group.every((category) => said(category) === true)) ? true : undefined;
}

/** Whether data may be used for a purpose: silence counts as the purpose declares. */
export const isAllowed = (purpose: Purpose, said: Said): boolean =>
  standingOf(purpose, said) ?? purpose.default === 'granted';
