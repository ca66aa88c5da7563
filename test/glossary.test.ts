import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Rows of the table: a word, its meaning, its name in code, and a link. */
const entries = [
  ...readFileSync('docs/glossary.md', 'utf8').matchAll(/^\| (.+?) \| (.+?) \| `(.+?)` \| (.+?) \|$/gm),
].map(([, word = '', meaning = '', name = '', more = '']) => ({ word, meaning, name, more }));

const code = globSync('{lambdas,lib,bin,glue-scripts}/**/*.{ts,py}')
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

/** Whether code has a name as a whole word. */
const inCode = (name: string): boolean => new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(code);

describe('the glossary', () => {
  it('has the words of the product in alphabetical order, each once', () => {
    const words = entries.map(({ word }) => word);
    expect(words.length).toBeGreaterThan(60);
    expect(words).toEqual([...new Set(words)].sort((a, b) => a.localeCompare(b, 'en')));
  });

  // That each link leads to a heading is looked at for all pages, in repository.test.ts.
  it.each(entries)('$word has a meaning, a page, and a name that code has', ({ meaning, name, more }) => {
    expect(meaning).toMatch(/^[A-Z].{15,}$/);
    expect(more).toMatch(/^\[[^\]]+\]\([^)]+\.md(#[\w-]+)?\)$/);
    expect(inCode(name), name).toBe(true);
  });

  it('would be seen to name what code has not', () => expect(inCode('forgottenWord')).toBe(false));
});
