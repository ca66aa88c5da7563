import { type ParseArgsConfig, parseArgs } from 'node:util';
import { errorMessageOf } from '../../lambdas/core/values/thrown.ts';
import { told } from './out-of-reach.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Options that select the deployment. */
const common = {
  stack: { type: 'string', default: 'Cdp' },
  local: { type: 'boolean', default: false },
} as const;
const helping = { help: { type: 'boolean', default: false } } as const;

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
  typeof parseArgs<{ allowPositionals: true; options: Own & typeof helping }>
>;

/**
 * Runs a command of `npm run` on a deployment: prints its result and exits with 0, or prints the error and exits with
 * 1. For wrong arguments it prints the error and the usage, and exits with 2.
 */
export async function runCommand<const Own extends Options>(
  usage: string,
  options: Own,
  answer: (given: Parsed<Own & typeof common>) => Promise<string>,
): Promise<void> {
  try {
    await runProgram<Own & typeof common>(usage, { ...common, ...options }, answer);
  } catch (error) {
    console.error(told(error));
    process.exitCode = 1;
  }
}

/** Runs a command that needs no deployment, as `runCommand` does. @throws what the command throws but `Misused` */
export async function runProgram<const Own extends Options>(
  usage: string,
  options: Own,
  answer: (given: Parsed<Own>) => Promise<string | undefined>,
): Promise<void> {
  try {
    const given = read(options);
    const help = 'help' in given.values && given.values.help === true;
    const result = help ? usage : await answer(given);
    if (result !== undefined) console.log(result);
  } catch (error) {
    if (!(error instanceof Misused)) throw error;
    console.error(error.message);
    console.log(`\n${usage}`);
    process.exitCode = 2;
  }
}

function read<const Own extends Options>(options: Own): Parsed<Own> {
  try {
    return parseArgs({ allowPositionals: true, options: { ...helping, ...options } }) as Parsed<Own>;
  } catch (error) {
    throw new Misused(errorMessageOf(error));
  }
}
