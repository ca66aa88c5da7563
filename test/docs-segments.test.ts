import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Project } from 'ts-morph';
import { beforeAll, describe, expect, it } from 'vitest';
import { config as example } from '../cdp.config.ts';
import { companies, recipes } from '../cdp.recipes.ts';
import { type CdpConfigInput, parseConfig } from '../lambdas/core/config/config.ts';
import { comparisonSteps, windowSteps } from '../lambdas/core/segments/language/steps.ts';
import { programOf } from '../lambdas/core/segments/program/compile.ts';
import { builderFiles } from '../local/reference/segments-page.ts';
import { playStory } from './fixtures/stories/play-story.ts';
import { type Story, storiesIn } from './fixtures/stories/story.ts';
import { typeErrors } from './fixtures/type-errors.ts';

const folder = '.local/test/segments';
const sources = "sources: [{ id: 'shop', kind: 'server', writeKey: 'a-key-of-your-own' }]";
const pages = globSync('docs/guides/segments/*.md').filter((page) => !/(README|recipes)\.md$/.test(page));
const project = new Project({ skipAddingFilesFromTsConfig: true, skipFileDependencyResolution: true });
const buildersOf = (file: string): string[] =>
  project
    .addSourceFileAtPath(file)
    .getVariableStatements()
    .filter((statement) => statement.isExported())
    .flatMap((statement) => statement.getDeclarations().map((each) => each.getName()));
const builders = new Map([...builderFiles.values()].map((file) => [file, buildersOf(file)]));

const stories = pages.flatMap((page) => storiesIn(readFileSync(page, 'utf8')).map((story) => ({ page, ...story })));

/** A file with the configuration of each story, as somebody would write it. */
const written = (all: readonly Pick<Story, 'code'>[]): string =>
  [
    `import type { CdpConfigInput } from '${resolve('lambdas/core/config/config.ts')}';`,
    ...[...builders].map(([file, names]) => `import { ${names.join(', ')} } from '${resolve(file)}';`),
    'export const configs: CdpConfigInput[] = [',
    ...all.map(({ code }) => `{ ${sources},\n${code.trimEnd().replace(/,?$/, ',')} },`),
    '];',
    // Nobody uses all of them.
    `export const used = [${[...builders.values()].flat().join(', ')}];`,
  ].join('\n');

/** Rules and computations, and the bytes that a profile needs for each at worst, as the page about segments says. */
const sizes = [
  ...readFileSync('docs/concepts/segments.md', 'utf8').matchAll(/^\| `(\w+\(.+\))` \| ([\d,]+) \|$/gm),
].map(([, code = '', bytes = '']) => ({ code, bytes: Number(bytes.replace(',', '')) }));

mkdirSync(folder, { recursive: true });
writeFileSync(
  join(folder, 'sizes.ts'),
  written(
    sizes.map(({ code }) => ({
      code: /^did/.test(code)
        ? `segments: [{ key: 's', name: 'S', where: ${code} }]`
        : `traits: [{ key: 't', compute: ${code} }]`,
    })),
  ),
);
writeFileSync(join(folder, 'stories.ts'), written(stories));
writeFileSync(
  join(folder, 'wrong.ts'),
  written([{ code: "segments: [{ key: 'a', name: 'A', where: did('A').within('soon') }]" }]),
);

describe('examples of segments', () => {
  let configs: readonly CdpConfigInput[] = [];
  beforeAll(async () => {
    ({ configs } = (await import(pathToFileURL(resolve(folder, 'stories.ts')).href)) as { configs: CdpConfigInput[] });
  });

  it('are of the types that a configuration has, and would be seen not to be', () => {
    const errors = typeErrors(folder, ['stories.ts', 'wrong.ts']);
    expect(errors.filter((error) => !error.includes('wrong.ts'))).toEqual([]);
    expect(errors).toHaveLength(1);
  });

  it.each(stories.map((story, n) => ({ ...story, n })))('$page: $heading', ({ n, moments }) => {
    const { states, untold } = playStory(parseConfig(configs[n]), moments);
    expect(untold).toEqual([]);
    expect(states).toEqual(moments.map(({ expected }) => expected));
  });

  it('tell of an entry and of an exit each, wherever there is a segment', () => {
    const seen = stories.flatMap(({ moments, page, heading }) => {
      const keys = Object.keys(moments[0]?.expected ?? {}).filter((key) =>
        moments.every(({ expected }) => expected[key] === 'in' || expected[key] === 'out'),
      );
      const constant = keys.filter((key) => new Set(moments.map(({ expected }) => expected[key])).size < 2);
      return constant.map((key) => `${page}: ${heading}: ${key} never changes`);
    });
    expect(seen).toEqual([]);
  });

  it('need as many bytes of a profile at worst as the page about segments says', async () => {
    const made = (await import(pathToFileURL(resolve(folder, 'sizes.ts')).href)) as { configs: CdpConfigInput[] };
    const bytes = made.configs.map((config) => programOf(parseConfig(config)).worstBytes);
    expect(sizes.length).toBeGreaterThan(10);
    expect(bytes).toEqual(sizes.map((size) => size.bytes));
  });

  it('have each function of the language', () => {
    const code = stories.map((story) => story.code).join('\n');
    const steps = [comparisonSteps({}), windowSteps(String)].flatMap((all) => Object.keys(all));
    const others = ['atLeast', 'atMost', 'exactly', 'thenDid', 'thenNot', 'inNext', 'anniversary'];
    const names = [...[...builders.values()].flat(), ...steps, ...others, 'granted', 'denied', 'unknown'];
    const missing = names.filter((name) => !new RegExp(`\\b${name}\\(`).test(code));
    expect(missing).toEqual([]);
  });
});

describe('recipes', () => {
  const page = readFileSync('docs/guides/segments/recipes.md', 'utf8');
  const lines = (text: string): string => text.replaceAll(/^ +/gm, '');
  const written = lines(readFileSync('cdp.recipes.ts', 'utf8'));
  const told = storiesIn(page);
  const config = parseConfig({
    sources: [{ id: 'shop', kind: 'server', writeKey: 'a-write-key' }],
    segments: [...recipes.segments, ...companies.segments],
    traits: [...recipes.traits, ...companies.traits],
    purposes: example.purposes,
  });

  it('are ten and two about companies, each once, as the example has them', () => {
    const keys = told.flatMap(({ moments }) => Object.keys(moments[0]?.expected ?? {}));
    expect(keys).toEqual(config.segments.map(({ key }) => key));
    expect(recipes.segments).toHaveLength(10);
    const blocks = told.flatMap(({ code }) => code.split('```\n\n```ts\n'));
    expect(blocks.filter((code) => !written.includes(lines(code)))).toEqual([]);
  });

  it.each(told)('$heading', ({ moments }) => {
    const { states, untold } = playStory(config, moments);
    expect(untold).toEqual([]);
    expect(states).toEqual(moments.map(({ expected }) => expected));
  });

  it('would be seen to enter a minute later, to enter untold, and to be of other days', () => {
    const [cart] = told;
    const moments = cart?.moments ?? [];
    const later = moments.map((one, n) => (n === 2 ? { ...one, at: one.at + 60_000 } : one));
    expect(playStory(config, later).untold).toEqual(['2026-03-01T11:20:00.000Z abandoned_cart entered']);
    expect(
      playStory(
        config,
        moments.filter((_, n) => n !== 2),
      ).untold,
    ).toHaveLength(1);
    const sooner = moments.map((one, n) => (n === 2 ? { ...one, at: one.at - 60_000 } : one));
    expect(playStory(config, sooner).states[2]).toEqual({ abandoned_cart: 'out' });
  });
});
