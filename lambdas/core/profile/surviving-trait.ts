import { type Survivorship, trustedSources } from '../lake/survivorship.ts';
import { compareTexts } from '../values/text.ts';
import { compareStatements, joinTrait, type Statement, type Trait } from './trait.ts';

/** Every statement that a trait keeps: the one that survives, and the last one of each other source. */
export function statementsIn(trait: Trait): readonly Trait[] {
  if (trait.others === undefined) return [trait];
  const { others, ...survivor } = trait;
  return [survivor, ...others];
}

/** What a source said last of a trait, as far as the profile keeps it; of traits that trust no source, anybody. */
export const saidBy = (
  trait: Trait | undefined,
  name: string,
  { sourceId }: Pick<Statement, 'sourceId'>,
  rules: Survivorship = {},
): Trait | undefined =>
  trait && trustedSources(rules, name) ? statementsIn(trait).find((one) => one.sourceId === sourceId) : trait;

/**
 * Joins statements of the trait `name`. Where its sources are trusted in an order, the last statement of each source is
 * kept, and the one of the most trusted source that has a value survives; so it is a join, whoever came first.
 * Otherwise the last one survives, and no other is kept.
 */
export function joinStated(a: Trait | undefined, b: Trait, name: string, rules: Survivorship = {}): Trait {
  const sources = trustedSources(rules, name);
  if (sources === undefined) {
    if (a?.others === undefined && b.others === undefined) return joinTrait(a, b);
    return [...(a ? statementsIn(a) : []), ...statementsIn(b)].reduce((last, one) => joinTrait(last, one));
  }
  if (a === undefined) return b.others === undefined ? b : surviving(statementsIn(b), sources);
  const said = new Map<string, Trait>();
  for (const one of [...statementsIn(a), ...statementsIn(b)])
    said.set(one.sourceId, joinTrait(said.get(one.sourceId), one));
  return surviving([...said.values()], sources);
}

/** A trait of one statement of each source. */
function surviving(statements: readonly Trait[], sources: readonly string[]): Trait {
  const [survivor, ...others] = statements.toSorted((a, b) => compareTrusted(b, a, sources));
  return others.length > 0 ? { ...(survivor as Trait), others } : (survivor as Trait);
}

/** A value is greater than none, then the more trusted source, then the later statement. */
function compareTrusted(a: Trait, b: Trait, sources: readonly string[]): number {
  if (hasValue(a) !== hasValue(b)) return hasValue(a) ? 1 : -1;
  const trust = hasValue(a) ? rankOf(b, sources) - rankOf(a, sources) : 0;
  return (
    trust ||
    compareStatements(a, b) ||
    compareTexts(JSON.stringify(a.value), JSON.stringify(b.value)) ||
    compareTexts(a.sourceId, b.sourceId)
  );
}

/** Whether a statement has a value. One that had no room is one, too. */
export const hasValue = ({ value, bytes }: Trait): boolean => value !== null || bytes !== undefined;

/** 0 for the most trusted source; those that the rule does not name share the last rank. */
function rankOf({ sourceId }: Trait, sources: readonly string[]): number {
  const at = sources.indexOf(sourceId);
  return at < 0 ? sources.length : at;
}

/**
 * A statement instead of the trait's own, as the lake found it with all events at hand: less trusted statements of
 * other sources stay.
 */
export function withStatement(trait: Trait | undefined, stated: Trait, name: string, rules: Survivorship = {}): Trait {
  if (trait?.others === undefined) return stated;
  const others = statementsIn(trait).filter(({ sourceId }) => sourceId !== stated.sourceId);
  const joined = others.reduce((all, one) => joinStated(all, one, name, rules), stated);
  return statementsIn(joined)[0]?.sourceId === stated.sourceId ? joined : stated;
}

/** Traits as the rules of today choose among what their sources said; the same map where that changes nothing. */
export function chosenAgain(traits: ReadonlyMap<string, Trait>, rules: Survivorship = {}): ReadonlyMap<string, Trait> {
  let chosen: Map<string, Trait> | undefined;
  for (const [name, trait] of traits) {
    if (trait.others === undefined) continue;
    const next = joinStated(undefined, trait, name, rules);
    if (next.sourceId === trait.sourceId && next.others !== undefined) continue;
    chosen ??= new Map(traits);
    chosen.set(name, next);
  }
  return chosen ?? traits;
}
