import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Patterns that make a sentence hard to read, what to write instead, and a sentence that has each. */
const patterns = [
  { pattern: /\banew\b/i, instead: 'again', example: 'The job makes all marts anew.' },
  { pattern: /\bof (?:which|whom)\b/i, instead: 'two sentences', example: 'A list of which the first counts.' },
  {
    pattern: /\bthere (?:is|are) not\b|\bthere is no such\b/i,
    instead: 'unknown, missing',
    example: 'A column that there is not.',
  },
  {
    pattern: /\b(?:is|are) of (?!a\b|\d)/i,
    instead: 'belongs to, comes from',
    example: 'The data are of the old stack.',
  },
  { pattern: /\bat the (?:most|least)\b/i, instead: 'at most, at least', example: 'Five at the most.' },
  {
    pattern: /\b(?:told|hears?|heard) of\b/i,
    instead: 'is told about, learns',
    example: 'A destination is told of each.',
  },
  { pattern: /\bwhose it is\b|\bso that who\b/i, instead: 'the owner', example: 'It goes to whose it is.' },
  {
    pattern:
      /\bfor (?:the |a |an |each |every |no |its |all )?(?!what\b)\w+ (?:is|are|was|were|has|have|had|cannot|does|must|may)\b/i,
    instead: 'because',
    example: 'It waits, for the table is full.',
  },
];

/** Pages, each paragraph and each cell of a table on a line, without what is fenced, generated, or names of files. */
const prose = (text: string): string =>
  text
    .replaceAll(/^ *```[\s\S]*?^ *```$/gm, '')
    .replaceAll(/<!-- (\w+): npm run docs -->[\s\S]*?<!-- end of \1 -->/g, '')
    .replaceAll(/\]\([^)]*\)/g, ']')
    .replaceAll(/\n(?! *(?:[-*#|>]|\d+\.|$))/gm, ' ');

const found = (text: string, pattern: RegExp): string[] =>
  prose(text)
    .split('\n')
    .filter((line) => pattern.test(line))
    .map((line) => line.trim().slice(0, 160));

const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  encoding: 'utf8',
})
  .split('\n')
  // Pages about tools have the words of the catalogue.
  .filter((file) => !['', 'CHANGELOG.md'].includes(file) && !/^docs\/destinations\/(?!README)/.test(file));

describe('pages say it in plain English', () => {
  it.each(patterns)('$pattern becomes: $instead', ({ pattern }) => {
    const lines = pages.flatMap((page) => found(readFileSync(page, 'utf8'), pattern).map((line) => `${page}: ${line}`));
    expect(lines).toEqual([]);
  });

  it.each(patterns)('and would be seen to have $pattern', ({ pattern, example }) => {
    const broken = example.replace(/ (\w+ \w+)$/, '\n$1');
    expect(found(`# Title\n\n${broken}\n`, pattern)).toHaveLength(1);
    expect(found(`\`\`\`sh\n${example}\n\`\`\`\n`, pattern)).toEqual([]);
  });
});

/** Texts in code that somebody may read: string literals with spaces, without what only a program reads. */
const textsIn = (source: string): string[] =>
  [
    ...source
      .replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*/g, '')
      .matchAll(/'((?:[^'\\\n]|\\.)* (?:[^'\\\n]|\\.)*)'|`([^`]* [^`]*)`/g),
  ].map(([, quoted, template]) => quoted ?? template ?? '');

describe('commands, errors and alarms say it in plain English', () => {
  const files = globSync('{bin,lib,lambdas,local}/**/*.{ts,mjs}');

  it.each(patterns)('$pattern becomes: $instead', ({ pattern }) => {
    const found = files.flatMap((file) =>
      textsIn(readFileSync(file, 'utf8'))
        .filter((text) => pattern.test(text))
        .map((text) => `${file}: ${text.slice(0, 160)}`),
    );
    expect(found).toEqual([]);
  });

  it('and would be seen not to', () =>
    expect(textsIn("// it's new\nthrow new Error(`no such thing; deploy it anew`); const a = 'told of it';")).toEqual([
      'no such thing; deploy it anew',
      'told of it',
    ]));
});

describe('comments say it in plain English', () => {
  const worst = /\banew\b|\bof which\b|\bthere is not\b|\bwhose it is\b|\bso that who\b/i;
  const commentsIn = (source: string): string[] =>
    [...source.matchAll(/\/\*\*[\s\S]*?\*\/|^ *\/\/.*/gm)].map(([text]) => text.replaceAll(/\s+(?:\* |\/\/ )?/g, ' '));
  const found = (source: string): string[] => commentsIn(source).filter((text) => worst.test(text));

  it('in code', () =>
    expect(
      globSync('{bin,lib,lambdas,local}/**/*.{ts,mjs}').flatMap((file) =>
        found(readFileSync(file, 'utf8')).map((text) => `${file}: ${text.slice(0, 160)}`),
      ),
    ).toEqual([]));

  it.each(['/** Made\n * anew. */', '  // A list of\n', '/** Find\n   * whose it is. */'])('and %j is read', (text) =>
    expect(commentsIn(text)).toHaveLength(1),
  );

  it('and would be seen not to', () =>
    expect(found('/**\n * A list of\n * which one counts.\n */\n// Made anew.\n/** Made again. */')).toHaveLength(2));
});
