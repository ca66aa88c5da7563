import { parseArgs } from 'node:util';
import { runDemo } from './demo/run.ts';
import { EmulatorFailed } from './platform/emulator-process.ts';
import { type Platform, startPlatform } from './platform/platform.ts';
import { whatToTry } from './platform/what-to-try.ts';
import { CommandFailed } from './processes/child-process.ts';
import { untilInterrupted } from './processes/interruption.ts';
import { PortInUse, PortSettingInvalid, portsFrom } from './processes/ports.ts';

const help = `npm start                      runs the platform on this machine and sends the demo's customers through it, until Ctrl-C
npm start -- --once            the same, but checks the results and exits with 0 or 1
npm start -- --as-documented   uses the orders of the documented day and compares the answers with docs/guides/analytics.md; also with --once
npm start -- --help            prints this text

CDP_LOCAL_PORT=5000            listens on ports 5000 to 5004 instead of 4566 to 4570
CDP_LOCAL_DIRECTORY=d          keeps outputs.json and logs in d instead of .local; commands with --local read it, too`;

/** Errors whose message is enough for the user. */
const explained = [PortInUse, PortSettingInvalid, EmulatorFailed, CommandFailed];

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const off = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({ options: { once: off, 'as-documented': off, help: off } });
  if (values.help) {
    print(help);
    return 0;
  }
  const interruption = untilInterrupted();
  try {
    return await run(values.once, values['as-documented'], interruption);
  } catch (error) {
    if (interruption.aborted) return 130;
    throw error;
  }
}

async function run(verifyOnly: boolean, asDocumented: boolean, interruption: AbortSignal): Promise<number> {
  print('Starting the platform on this machine');
  const platform = await startPlatform({ ports: portsFrom(), log: print, signal: interruption });
  try {
    const demo = await unlessInterrupted(runDemo({ outputs: platform.outputs, print, asDocumented }), interruption);
    try {
      if (verifyOnly) return demo.ok ? 0 : 1;
      return await stayUp(platform, interruption);
    } finally {
      await demo.stop();
    }
  } finally {
    await platform.stop();
  }
}

async function stayUp(platform: Platform, interruption: AbortSignal): Promise<number> {
  print(whatToTry(platform.outputs));
  await once(interruption);
  print('\nStopping');
  return 0;
}

function textOf(error: Error): string {
  const isMisused = 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  if (isMisused || explained.some((kind) => error instanceof kind)) return error.message;
  return error.stack ?? error.message;
}

const once = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) =>
    signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true }),
  );

const unlessInterrupted = <Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> =>
  Promise.race([work, once(signal).then(() => Promise.reject(signal.reason))]);

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? textOf(error) : String(error)}\n`);
  return 1;
});
process.exit();
