import * as z from 'zod';

const sign = String.raw`\\[\\^$.*+?()[\]{}|/]`;
const single = String.raw`(?:[^\\[\]^-]|\\[\\^$.*+?()[\]{}|/-])`;
const item = String.raw`(?:(?!&&|--|~~|\|\|)(?:${single}(?:-${single})?|\\[dDwW]))`;
const group = String.raw`\[\^?-?${item}+-?\]`;
const repeat = String.raw`(?:[*+?]|\{\d{1,3}(?:,\d{0,3})?\})\??`;
const atom = String.raw`(?:[^\\^$.*+?()[\]{}|]|\.|${sign}|\\[dDwW]|${group})`;
const known = new RegExp(String.raw`^(?:${atom}|\((?:\?:|(?!\?))|\)|\||[\^$]|\\b|${repeat})*$`, 'su');

const allowed =
  'allowed are letters, digits, signs (after "\\"), ".", "^", "$", "|", "(…)", "(?:…)", "[a-z]", "\\d", "\\w", "\\b", "*", "+", "?" and "{1,3}", at most 500 in all';

/** A regular expression limited to what JavaScript and Python read alike; `.` also matches a line end. */
export const Pattern = z
  .string()
  .min(1)
  .max(500)
  .refine((source) => toRegExp(source) !== undefined, { error: 'is not a regular expression' })
  .refine((source) => known.test(source), { error: `has what stream and lake would read differently; ${allowed}` });

/** Compiles a pattern by code points, as Python does; undefined if it is not valid. */
export function toRegExp(source: string): RegExp | undefined {
  try {
    return new RegExp(source, 'su');
  } catch {
    return undefined;
  }
}
