import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Who may import whom. `typesFrom` may be imported for their types only: they are gone when the code runs. */
interface ImportRule {
  readonly files: string;
  readonly mayImport: RegExp;
  readonly typesFrom?: RegExp;
  /** An import that this rule is there to stop. */
  readonly refused: string;
}

const importRules: readonly ImportRule[] = [
  {
    files: 'lambdas/core/**/*.ts',
    mayImport: /^(zod|libphonenumber-js\/max|(\.\/|(\.\.\/)+)(?!adapters)[\w/-]+\.ts)$/,
    refused: "import { createHash } from 'node:crypto';",
  },
  {
    files: 'lambdas/adapters/**/*.ts',
    mayImport: /^(@aws-sdk\/|@smithy\/|@aws-lambda-powertools\/|@segment\/|ipaddr\.js$|zod$|node:|\.\/|(\.\.\/)+core\/)/,
    refused: "import { createHandler } from '../stitch/handler.ts';",
  },
  {
    files: 'lambdas/!(core|adapters)/**/!(index).ts',
    mayImport: /^(zod$|p-map$|@middy\/|@aws-lambda-powertools\/|node:(crypto|zlib|util|buffer)$|\.\/|\.\.\/core\/)/,
    typesFrom: /^(aws-lambda$|\.\.\/adapters\/)/,
    refused: "import { KinesisClient } from '@aws-sdk/client-kinesis';",
  },
  {
    files: 'lambdas/**/index.ts',
    mayImport: /^(\.\/handler\.ts|@aws-sdk\/.+|@smithy\/.+|@aws-lambda-powertools\/.+|node:crypto|\.\.\/adapters\/.+|\.\.\/core\/contract\.ts)$/,
    refused: "import { planStitch } from '../core/stitch.ts';",
  },
  {
    files: 'lib/**/*.ts',
    mayImport: /^(aws-cdk-lib(\/.+)?|constructs|cdk-nag|node:.+|\.\/.+|\.\.\/lambdas\/core\/(contract|config|field-name|lake-columns)\.ts)$/,
    typesFrom: /core\/(empty-table|destination)\.ts$/,
    refused: "import { planStitch } from '../lambdas/core/stitching/plan.ts';",
  },
  {
    files: 'bin/**/*.ts',
    mayImport:
      /^(aws-cdk-lib|cdk-nag|p-map$|@aws-sdk\/.+|node:.+|\.\/.+|\.\.\/(lib\/.+|cdp\.config\.ts|lambdas\/(adapters\/.+|core\/contract\.ts)))$/,
    refused: "import { startEmulator } from '../local/platform/emulator-process.ts';",
  },
  {
    files: 'local/**/*.{ts,mjs}',
    mayImport: /^(?!(\.\.\/)+(test|lib|lambdas\/\w+\/(handler|index)\.ts))/,
    refused: "import { createHandler } from '../lambdas/functions/collect/handler.ts';",
  },
  {
    files: 'cdp.config.ts',
    mayImport: /^\.\/lambdas\/core\/(condition|config)\.ts$/,
    refused: "import { readFileSync } from 'node:fs';",
  },
  {
    files: 'test/e2e/**/*.ts',
    mayImport: /^(?!\.\.\/\.\.\/(lib|bin|lambdas)\/)|\/lambdas\/core\/contract\.ts$/,
    refused: "import { createHandler } from '../../lambdas/collect/handler.ts';",
  },
];

/** What must not be said, and where. */
interface WordRule {
  readonly name: string;
  readonly files: string;
  readonly except?: RegExp;
  readonly pattern: RegExp;
  readonly refused: string;
}

const product = '{lambdas/**/*,lib/**/*,bin/cdp}.ts';
const all = '{bin,lib,lambdas,local,test,bench}/**/*.{ts,mjs}';

const wordRules: readonly WordRule[] = [
  {
    name: 'the core has no clock, no chance, no environment and no network',
    files: 'lambdas/core/**/*.ts',
    pattern: /Date\.now|new Date\(\)|performance\.|Math\.random|randomUUID|process\.|globalThis|fetch\(|setTimeout|console\.|await import/,
    refused: 'const receivedAt = new Date();',
  },
  {
    name: 'handlers are given their clock, their chance and their pauses',
    files: 'lambdas/!(core|adapters)/**/!(index).ts',
    pattern: /Date\.now|new Date\(\)|Math\.random|randomUUID|setTimeout|console\./,
    refused: 'const receivedAt = Date.now();',
  },
  {
    name: 'one file reads the environment',
    files: 'lambdas/**/*.ts',
    except: /adapters\/environment\.ts$/,
    pattern: /process\.env/,
    refused: 'const bus = process.env.SEGMENT_BUS;',
  },
  {
    name: 'wiring decides nothing',
    files: 'lambdas/**/index.ts',
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
    except: /bin\/local-directory\.ts$/,
    pattern: /['"`(]\.local\b(?!\/\*)/,
    refused: "const outputs = '.local/outputs.json';",
  },
  { name: 'exports have names', files: all, pattern: /^export default\b/m, refused: 'export default handler;' },
  { name: 'no file passes on what others export', files: all, pattern: /^export (\*|\{[^}]*\}) from /m, refused: "export * from './event.ts';" },
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
    pattern: /from '\.{1,2}\/[^']*(?<!\.(ts|mjs|js|json))'/,
    refused: "import { a } from './event';",
  },
];

/**
 * An object read by a word that somebody else chose answers with what all objects inherit when the word is `constructor`. An index is a
 * number (by how it is named, or reckoned), a constant of the contract, or a name that its type or a loop over the object's own names vouches for.
 */
function readsByWord(source: string): string[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*|'(?:[^'\\\n]|\\.)*'/g, "''");
  const vouched = (word: string) =>
    /^(?:i|n|at|index|limit|saying|number|table\.\w+)$/.test(word) ||
    new RegExp(`\\b${word}: (?:keyof|number)\\b|for \\(const ${word} in |\\bconst ${word} of kinds\\b`).test(code);
  const reads = [...code.matchAll(/[\w)\]](?:\?\.)?\[((?!keyof\b|typeof\b)[a-z_$][\w.?]*(?:\([^\]]*\))?(?: as [^\]]+)?)\]/g)];
  const asks = [...code.matchAll(/(?:[(!?]|&&|\|\||return) ?[a-z][\w.]* in [a-z]\w*|Reflect\.get\(/g)];
  return [...reads.filter(([, word = '']) => !vouched(word)), ...asks].map(([text]) => text);
}

const read = (file: string): string => readFileSync(file, 'utf8');
const filesOf = (pattern: string): string[] => globSync(pattern).filter((file) => !file.includes('node_modules'));

/** What a source imports, and whether for its types only. */
const importsOf = (source: string): { readonly types: boolean; readonly from: string }[] =>
  [...source.matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from\s+'([^']+)'|^import\s+()'([^']+)'|\bimport\('([^']+)'\)/gm)].map(
    ([, type, from, , bare, dynamic]) => ({ types: type !== undefined, from: from ?? bare ?? dynamic ?? '' }),
  );

const foreignImports = (source: string, { mayImport, typesFrom }: ImportRule): string[] =>
  importsOf(source)
    .filter(({ types, from }) => !mayImport.test(from) && !(types && typesFrom?.test(from)))
    .map(({ from }) => from);

describe('imports', () => {
  it.each(importRules)('$files import only what they may', (rule) => {
    const files = filesOf(rule.files);
    expect(files.length).toBeGreaterThan(0);
    expect(files.flatMap((file) => foreignImports(read(file), rule).map((from) => `${file} imports ${from}`))).toEqual([]);
  });

  it.each(importRules)('$files could not have $refused', (rule) => expect(foreignImports(rule.refused, rule)).toHaveLength(1));
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
  const pathsIn = (file: string): string[] => importsOf(read(file)).flatMap(({ from }) => (from.startsWith('.') ? [join(dirname(file), from)] : []));

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
    const offenders = filesOf(files).filter((file) => !except?.test(file) && file !== 'test/architecture.test.ts' && pattern.test(read(file)));
    expect(offenders).toEqual([]);
  });

  it.each(wordRules)('$name: $refused', ({ pattern, refused }) => expect(refused).toMatch(pattern));
});

describe('files', () => {
  it('are short enough to be read at once', () => {
    const lines = filesOf('{bin,lib,lambdas,local}/**/*.{ts,mjs}').map((file) => ({ file, lines: read(file).trimEnd().split('\n').length }));
    expect(lines.filter((entry) => entry.lines > 150)).toEqual([]);
  });

  it('are named by what they are about', () =>
    expect(filesOf(all).filter((file) => /(^|[/-])(utils?|helpers?|common|manager|service)([./-]|$)/.test(file))).toEqual([]));

  it.each(filesOf('lambdas/**/index.ts'))('%s has its handler beside it, and exports nothing else', (index) => {
    expect(filesOf(index.replace('index.ts', 'handler.ts'))).toHaveLength(1);
    expect(read(index).match(/^export .*/gm)).toEqual(['export const handler = createHandler({']);
  });
});

describe('objects', () => {
  it('are read by a name that a client chose only where what they inherit does not count', () => {
    const files = filesOf('lambdas/!(adapters)/**/*.ts').filter((file) => file !== 'lambdas/core/values/own-value.ts');
    expect(files.flatMap((file) => readsByWord(read(file)).map((text) => `${file} has ${text}; use ownValue or a Map`))).toEqual([]);
  });

  it.each([
    'const own = blocked[type] ?? { values: [] };',
    'const { max } = limits[typeOf(id)] ?? fallback;',
    'traits?.[said.name]',
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
