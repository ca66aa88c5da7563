import { type ParseArgsConfig, parseArgs } from 'node:util';
import { told } from './out-of-reach.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Options of every command, which select the deployment. */
const common = {
  stack: { type: 'string', default: 'Cdp' },
  local: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** Wrong arguments; the message tells what was given and what is needed. */
export class Misused extends Error {
  override readonly name = 'Misused';
}

/**
 * Refuses arguments of a command that takes none.
 * @throws Misused
 */
export function noneOf(positionals: readonly string[]): void {
  if (positionals.length > 0) throw new Misused(`takes no "${positionals.join(' ')}"; its options begin with --`);
}

/**
 * The one argument of a command; `what` describes it.
 * @throws Misused
 */
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
 * Runs a command of `npm run`: prints its result and exits with 0, or prints the error and exits with 1. For wrong
 * arguments it prints the error and the usage, and exits with 2.
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
