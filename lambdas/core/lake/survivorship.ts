import * as z from 'zod';
import { ownValue } from '../values/own-value.ts';

/** Which statement of a trait survives when sources conflict. */
const Rule = z.discriminatedUnion('keep', [
  z.strictObject({
    /** The value with the latest timestamp. */
    keep: z.literal('most_recent'),
  }),
  z.strictObject({
    /** The value from the first of these sources that has one. Other sources rank last, the most recent value first. */
    keep: z.literal('most_trusted'),
    sources: z.array(z.string()).min(1),
  }),
  z.strictObject({
    /** The value in most messages. */
    keep: z.literal('most_frequent'),
  }),
  z.strictObject({
    /** The longest text, or the object with most fields filled in. */
    keep: z.literal('most_complete'),
  }),
]);

type Rule = z.infer<typeof Rule>;

/** By the names of traits; the rule of `*` is that of all traits without one. */
export const Survivorship = z.record(z.string().min(1), Rule);
export type Survivorship = z.infer<typeof Survivorship>;

/** Every trait that no rule names. */
const anyOther = '*';

/** The rule of a trait: its own, or that of all others; undefined if it has none. */
export const survivorshipOf = (rules: Survivorship, trait: string): Rule | undefined =>
  ownValue(rules, trait) ?? ownValue(rules, anyOther);

/** The sources of a trait, most trusted first; undefined where the order of time decides. */
export function trustedSources(rules: Survivorship, trait: string): readonly string[] | undefined {
  const rule = survivorshipOf(rules, trait);
  return rule?.keep === 'most_trusted' ? rule.sources : undefined;
}

/** Flaws of rules that trust an unknown source or list one twice. */
export function survivorshipFlaws(
  rules: Survivorship,
  sources: readonly { readonly id: string }[],
): { path: (string | number)[]; message: string }[] {
  const known = sources.map(({ id }) => id);
  return Object.entries(rules).flatMap(([trait, rule]) =>
    (rule.keep === 'most_trusted' ? rule.sources : []).flatMap((id, at, all) => {
      const flaw = (message: string) => [{ path: [trait, 'sources', at], message }];
      if (!known.includes(id)) return flaw(`no source has the id "${id}"; known: ${known.join(', ')}`);
      return all.indexOf(id) < at ? flaw(`"${id}" is listed twice`) : [];
    }),
  );
}
