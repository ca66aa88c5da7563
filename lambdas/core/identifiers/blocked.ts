import { ownValue } from '../values/own-value.ts';
import { toRegExp } from '../values/pattern.ts';
import { lowered, visible } from '../values/text.ts';
import type { IdentityRules } from './rules.ts';

type Test = (value: string) => boolean;

const compiled = new WeakMap<IdentityRules, Map<string, Test>>();

/**
 * Whether many people share a value, e.g. `null` or `00000000-0000`. Case, surrounding quotes and invisible characters
 * are ignored.
 */
export function isBlocked(type: string, value: string, rules: IdentityRules): boolean {
  const tests = compiled.get(rules) ?? new Map<string, Test>();
  compiled.set(rules, tests);
  const test = tests.get(type) ?? compile(type, rules);
  tests.set(type, test);
  return test(value);
}

/** Millions of events use the same rules, so each type is compiled once. */
function compile(type: string, { blockedValues, blocked }: IdentityRules): Test {
  const own = ownValue(blocked, type) ?? { values: [], patterns: [] };
  const values = new Set([...blockedValues, ...own.values].map(bare));
  const patterns = own.patterns.flatMap((source) => toRegExp(source) ?? []);
  return (value) => {
    const text = bare(value);
    return /^[0-]*$/.test(text) || values.has(text) || patterns.some((pattern) => pattern.test(value));
  };
}

const bare = (value: string): string =>
  lowered(
    visible(value)
      .replace(/^(["'])(.*)\1$/s, '$2')
      .trim(),
  );
