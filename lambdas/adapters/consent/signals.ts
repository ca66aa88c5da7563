/** What a string says, by the names of its parts: `tcf:2`, `gpp:sale`. */
export type Signals = Readonly<Record<string, boolean>>;

/** What two strings or two sections say: of one part, the stricter. */
export function stricter(one: Signals, other: Signals): Signals {
  const joined = Object.entries(other).map(([name, granted]) => [name, granted && one[name] !== false] as const);
  return { ...one, ...Object.fromEntries(joined) };
}
