import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ImportRule, importRules } from './architecture/import-rules.ts';

/** What must not be said, and where. */
interface WordRule {
  readonly name: string;
  readonly files: string;
  readonly except?: RegExp;
  readonly pattern: RegExp;
  readonly refused: string;
}

const product = '{lambdas/**/*,lib/**/*,bin/cdp}.ts';
const shipped = '{bin,lambdas,lib}/**/*.ts';
const all = '{bin,lib,lambdas,local,test,bench}/**/*.{ts,mjs}';

const wordRules: readonly WordRule[] = [
  {
    name: 'the core has no clock, no chance, no environment and no network',
    files: 'lambdas/core/**/*.ts',
    pattern:
      /Date\.now|new Date\(\)|performance\.|Math\.random|randomUUID|process\.|globalThis|fetch\(|setTimeout|console\.|await import/,
    refused: 'const receivedAt = new Date();',
  },
  {
    name: 'handlers are given their clock, their chance and their pauses',
    files: 'lambdas/functions/**/!(index).ts',
    pattern: /Date\.now|new Date\(\)|Math\.random|randomUUID|setTimeout|console\./,
    refused: 'const receivedAt = Date.now();',
  },
  {
    name: 'one file reads the environment',
    files: 'lambdas/**/*.ts',
    except: /adapters\/runtime\/environment\.ts$/,
    pattern: /process\.env/,
    refused: 'const bus = process.env.SEGMENT_BUS;',
  },
  {
    name: 'wiring decides nothing',
    files: 'lambdas/functions/*/index.ts',
    pattern: /\b(if|switch|for|while)\b\s*\(|[^?]\?[^?.:]/,
    refused: 'const a = b ? c : d;',
  },
  {
    name: 'nothing shipped knows that it can run locally',
    files: product,
    pattern: /localhost|:4566|ministack|AWS_ENDPOINT/i,
    refused: "const endpoint = 'http://localhost:4566';",
  },
  {
    name: 'nothing shipped knows an account or a region',
    files: product,
    pattern: /\b\d{12}\b|\b(us|eu|ap|sa|ca|me|af)-[a-z]+-\d\b/,
    refused: "env: { region: 'eu-central-1' }",
  },
  {
    name: 'one file says where the local platform keeps its files',
    files: '{bin,local}/**/*.{ts,mjs}',
    except: /bin\/deployment\/local-directory\.ts$/,
    pattern: /['"`(]\.local\b(?!\/\*)/,
    refused: "const outputs = '.local/outputs.json';",
  },
  {
    name: 'whatever is thrown may be no Error',
    files: '{bin,lambdas,lib,local}/**/*.ts',
    pattern: /\bas Error\b|\((?:error|thrown|refused|\{[^}]*\}): Error\b[^&]*=>/,
    refused: 'const message = (error as Error).message;',
  },
  {
    name: 'what is written out is no shorter for being spread',
    files: shipped,
    pattern: /\.\.\.(?:\{|\[[^\]]*\](?!\s*\.))/,
    refused: 'return { ...{ profileId, collection }, merged };',
  },
  {
    name: 'each value is declared by itself, and not as part of a list',
    files: shipped,
    pattern: /\b(?:const|let) \[[^=;]*\] = \[(?!\.\.\.)[^\]]*\];/,
    refused: 'const [start, end] = [instant(from), instant(to)];',
  },
  {
    name: 'types are not talked out of what they know',
    files: 'lambdas/**/*.ts',
    except: /core\/events\/event\.ts$/,
    pattern: /\bas (never|any)\b|\bas unknown as\b/,
    refused: 'send(event as never);',
  },
  {
    name: 'a command that runs finds all that its functions need: what comes after it is no constant',
    files: 'bin/*.ts',
    pattern: /^await run(?:[\s\S]*\n)(?:export )?(?:const|let|class) /m,
    refused: 'await runCommand(usage);\nconst row = () => [];',
  },
  { name: 'exports have names', files: all, pattern: /^export default\b/m, refused: 'export default handler;' },
  {
    name: 'no file passes on what others export',
    files: all,
    pattern: /^export (\*|\{[^}]*\}) from /m,
    refused: "export * from './event.ts';",
  },
  {
    name: 'nothing inherits but what the CDK and Error ask for',
    files: all,
    pattern: /class \w+ extends (?!(Construct|Stack|NestedStack|NodejsFunction|Bucket|Queue|Error)\b)/,
    refused: 'class WebhookDestination extends Destination {',
  },
  {
    name: 'no test is skipped, or run alone',
    files: 'test/**/*.ts',
    except: /architecture\.test\.ts$/,
    pattern: /\b(it|test|describe)\.(skip|only|todo|fails)\b/,
    refused: "it.skip('works', () => {",
  },
  {
    name: 'imports say the file they mean',
    files: all,
    pattern: /from '\.{1,2}\/[^']*(?<!\.(ts|mjs|cjs|js|json))'/,
    refused: "import { a } from './event';",
  },
];

/**
 * An object read by a word that somebody else chose answers with what all objects inherit when the word is
 * `constructor`. An index is a number (by how it is named, or reckoned), a constant of the contract, or a name that its
 * type or a loop over the object's own names vouches for.
 */
function readsByWord(source: string): string[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*|'(?:[^'\\\n]|\\.)*'/g, "''");
  const vouched = (word: string) =>
    /^(?:i|n|at|index|limit|number|table\.\w+)$/.test(word) ||
    new RegExp(`\\b${word}: (?:keyof|number)\\b|for \\(const ${word} in |\\bconst ${word} of kinds\\b`).test(code);
  const reads = [
    ...code.matchAll(/[\w)\]](?:\?\.)?\[((?!keyof\b|typeof\b)[a-z_$][\w.?]*(?:\([^\]]*\))?(?: as [^\]]+)?)\]/g),
  ];
  const asks = [...code.matchAll(/(?:[(!?]|&&|\|\||return) ?[a-z][\w.]* in [a-z]\w*|Reflect\.get\(/g)];
  return [...reads.filter(([, word = '']) => !vouched(word)), ...asks].map(([text]) => text);
}

const read = (file: string): string => readFileSync(file, 'utf8');
const filesOf = (pattern: string): string[] => globSync(pattern).filter((file) => !file.includes('node_modules'));

/** What a source imports, and whether for its types only. */
const importsOf = (source: string): { readonly types: boolean; readonly from: string }[] =>
  [
    ...source.matchAll(
      /^(?:import|export)\s+(type\s)?[^;]*?from\s+'([^']+)'|^import\s+()'([^']+)'|\bimport\('([^']+)'\)/gm,
    ),
  ].map(([, type, from, , bare, dynamic]) => ({ types: type !== undefined, from: from ?? bare ?? dynamic ?? '' }));

/** What a file imports: packages by name, files by their path from the root. */
const importedBy = (file: string, source: string): { readonly types: boolean; readonly from: string }[] =>
  importsOf(source).map(({ types, from }) => ({
    types,
    from: from.startsWith('.') ? join(dirname(file), from) : from,
  }));

const rulesFor = (file: string): ImportRule[] => importRules.filter(({ files }) => files.test(file));

const foreignImports = (file: string, source: string): string[] =>
  rulesFor(file).flatMap(({ mayImport, typesFrom }) =>
    importedBy(file, source)
      .filter(({ types, from }) => !mayImport.test(from) && !(types && typesFrom?.test(from)))
      .map(({ from }) => `${file} imports ${from}`),
  );

describe('imports', () => {
  const files = [...filesOf(all), ...filesOf('cdp.*.ts'), ...filesOf('docs/examples/*.ts')];

  it('are what their room may import', () =>
    expect(files.flatMap((file) => foreignImports(file, read(file)))).toEqual([]));

  it.each(importRules)('are ruled by $files, which has files', ({ files: ruled }) =>
    expect(files.some((file) => ruled.test(file))).toBe(true),
  );

  it('are under one rule in each file', () => expect(files.filter((file) => rulesFor(file).length !== 1)).toEqual([]));

  const rooms = [...new Set(files.map(dirname))].filter((room) => room !== '.');
  it.each(rooms)('of a file planted in %s are refused', (room) => {
    const planted = `${room}/planted.ts`;
    for (const name of rulesFor(planted).flatMap(({ refused }) => refused)) {
      const from = /^[\w.-]+\/.*\.ts$/.test(name) ? relative(room, name).replace(/^(?!\.)/, './/') : name;
      expect(foreignImports(planted, `import { anything } from '${from}';`), name).toHaveLength(1);
    }
    expect(rulesFor(planted).flatMap(({ refused }) => refused)).not.toEqual([]);
  });
});

/** Files that import each other in a circle, types included. */
function circles(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const settled = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(' imports '));
    if (path.includes(file) || settled.has(file)) return;
    for (const next of imports.get(file) ?? []) visit(next, [...path, file]);
    settled.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return found;
}

describe('no files import each other in a circle', () => {
  const pathsIn = (file: string): string[] => importedBy(file, read(file)).map(({ from }) => from);

  it('anywhere', () => expect(circles(new Map(filesOf(all).map((file) => [file, pathsIn(file)])))).toEqual([]));

  it('could not be overlooked', () => {
    const imports = new Map([
      ['a', ['b', 'c']],
      ['b', ['c']],
      ['c', ['a']],
    ]);
    expect(circles(imports)).toEqual(['a imports b imports c imports a']);
  });
});

describe('words', () => {
  it.each(wordRules)('$name', ({ files, except, pattern }) => {
    const offenders = filesOf(files).filter(
      (file) => !except?.test(file) && file !== 'test/architecture.test.ts' && pattern.test(read(file)),
    );
    expect(offenders).toEqual([]);
  });

  it.each(wordRules)('$name: $refused', ({ pattern, refused }) => expect(refused).toMatch(pattern));
});

/** Lines that are too wide to be read side by side, apart from texts, patterns and addresses, which have no breaks. */
function tooWide(source: string): string[] {
  const code = source
    .replaceAll(/`(?:[^`\\]|\\.)*`/g, (text) => text.replaceAll(/./g, ''))
    .replaceAll(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|https?:\S+|(?<![/\w])\/[^/*\n].*\//g, "''");
  return code.split('\n').filter((line) => [...line].length > 120);
}

describe('files', () => {
  it('are short enough to be read at once', () => {
    const lines = filesOf('{bin,lib,lambdas,local}/**/*.{ts,mjs}').map((file) => ({
      file,
      lines: read(file).trimEnd().split('\n').length,
    }));
    expect(lines.filter((entry) => entry.lines > 180)).toEqual([]);
  });

  it.each(['bin', 'lib', 'lambdas', 'local', 'bench', 'test'])('in %s have lines of at most 120 columns', (folder) =>
    expect(
      filesOf(`${folder}/**/*.ts`).flatMap((file) => tooWide(read(file)).map((line) => `${file}: ${line}`)),
    ).toEqual([]),
  );

  it('would be seen to have wider ones', () => {
    const wide = 'word '.repeat(25);
    const quoted = `const text = '${wide}';\nconst usage = \`npm run\n${wide}\`;\n// https://aws.amazon.com/${'x'.repeat(120)}`;
    expect(tooWide(`// ${wide}\n${quoted}\nsend(${wide.replaceAll(' ', ', ')});`)).toHaveLength(2);
  });

  it('are named by what they are about', () =>
    expect(
      filesOf(all).filter((file) => /(^|[/-])(utils?|helpers?|common|manager|service)([./-]|$)/.test(file)),
    ).toEqual([]));

  it.each(filesOf('lambdas/functions/*/index.ts'))(
    '%s has its handler beside it, and exports nothing else',
    (index) => {
      expect(filesOf(index.replace('index.ts', 'handler.ts'))).toHaveLength(1);
      expect(read(index).match(/^export .*/gm)).toEqual(['export const handler = createHandler({']);
    },
  );
});

describe('objects', () => {
  it('are read by a name that a client chose only where what they inherit does not count', () => {
    const files = filesOf('lambdas/{core,functions}/**/*.ts').filter(
      (file) => file !== 'lambdas/core/values/own-value.ts',
    );
    expect(
      files.flatMap((file) => readsByWord(read(file)).map((text) => `${file} has ${text}; use ownValue or a Map`)),
    ).toEqual([]);
  });

  it.each([
    'const own = blocked[type] ?? { values: [] };',
    'const { max } = limits[typeOf(id)] ?? fallback;',
    'traits?.[stated.name]',
    'fields[name as keyof Fields]',
    'if (name in limits) return;',
    'return Reflect.get(limits, type);',
  ])('could not be read so: %s', (refused) => expect(readsByWord(refused)).toHaveLength(1));

  it.each([
    'for (const key in fields) visit(fields[key]);',
    'const end = (name: keyof Touches) => now[name];',
    'const next = rest[limit] ?? times[n + max];',
    "if ('all' in condition) return;",
    '/** What is in blocked[type]. */',
    'const rows: Row[] = row[table.partitionKey];',
  ])('may be read so: %s', (allowed) => expect(readsByWord(allowed)).toEqual([]));
});
