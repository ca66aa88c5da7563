import { type ParseArgsConfig, parseArgs } from 'node:util';
import { told } from './out-of-reach.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Options that every command has: which deployment it is about. */
const common = {
  stack: { type: 'string', default: 'Cdp' },
  local: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** The arguments are not what a command takes; the message says what was given and what is wanted. */
export class Misused extends Error {
  override readonly name = 'Misused';
}

/** Turns down arguments that a command does not take. @throws Misused */
export function noneOf(positionals: readonly string[]): void {
  if (positionals.length > 0) throw new Misused(`takes no "${positionals.join(' ')}"; its options begin with --`);
}

/** The one argument that a command takes; `what` says which. @throws Misused */
export function onlyOne([given, ...more]: readonly string[], what: string): string {
  if (given === undefined) throw new Misused(`say ${what}`);
  if (more.length > 0)
    throw new Misused(`takes one argument, ${what}; it was given ${more.length + 1}: ${[given, ...more].join(' ')}`);
  return given;
}

type Parsed<Own extends Options> = ReturnType<
  typeof parseArgs<{ allowPositionals: true; options: Own & typeof common }>
>;

/**
 * Runs a command of `npm run`: prints what it answers and ends with 0, or says what failed and ends with 1. Arguments that it does
 * not take are told before the usage is shown, and it ends with 2.
 */
export async function runCommand<const Own extends Options>(
  usage: string,
  options: Own,
  answer: (given: Parsed<Own>) => Promise<string>,
): Promise<void> {
  try {
    const given = read(options);
    const help = 'help' in given.values && given.values.help === true;
    console.log(help ? usage : await answer(given));
  } catch (error) {
    const misused = error instanceof Misused;
    console.error(told(error));
    if (misused) console.log(`\n${usage}`);
    process.exitCode = misused ? 2 : 1;
  }
}

function read<const Own extends Options>(options: Own): Parsed<Own> {
  try {
    return parseArgs({ allowPositionals: true, options: { ...common, ...options } }) as Parsed<Own>;
  } catch (error) {
    throw new Misused((error as Error).message);
  }
}
