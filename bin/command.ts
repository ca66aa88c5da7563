import { type ParseArgsConfig, parseArgs } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Options that every command has: which deployment it is about. */
const common = {
  stack: { type: 'string', default: 'Cdp' },
  local: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

type Parsed<Own extends Options> = ReturnType<typeof parseArgs<{ allowPositionals: true; options: Own & typeof common }>>;

/**
 * Runs a command of `npm run`: prints what it answers and ends with 0, or says what failed and ends with 1. Arguments that it does
 * not take, or that `answer` turns down with undefined, show the usage and end with 2.
 */
export async function runCommand<const Own extends Options>(
  usage: string,
  options: Own,
  answer: (given: Parsed<Own>) => Promise<string> | undefined,
): Promise<void> {
  const given = read(options);
  const help = given !== undefined && 'help' in given.values && given.values.help === true;
  const answering = given === undefined || help ? undefined : answer(given);
  if (answering === undefined) {
    console.log(usage);
    process.exitCode = help ? 0 : 2;
    return;
  }
  try {
    console.log(await answering);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}

function read<const Own extends Options>(options: Own): Parsed<Own> | undefined {
  try {
    return parseArgs({ allowPositionals: true, options: { ...common, ...options } }) as Parsed<Own>;
  } catch (error) {
    console.error((error as Error).message);
    return undefined;
  }
}
