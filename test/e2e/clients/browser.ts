import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import packed from '@sparticuz/chromium';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';

/**
 * Packed for Lambda, Chromium is told to do without web security, which would do without preflights, and to be one
 * process, which crashes when a page closes.
 */
const unwanted = [
  '--disable-web-security',
  '--disable-site-isolation-trials',
  '--allow-running-insecure-content',
  '--single-process',
  '--no-zygote',
];

/** Every name but this machine's is unknown, so that a page which asks for anything else is seen to fail. */
const onlyThisMachine = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1';

/**
 * Lends a real browser with nothing in it: on Linux the Chromium that comes from npm, elsewhere an installed Chrome.
 */
export async function withBrowser<Result>(use: (browser: Browser) => Promise<Result>): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'cdp-browser-'));
  try {
    const browser = await chromium.launch(await launchOptions(directory));
    try {
      return await use(browser);
    } finally {
      await browser.close();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function launchOptions(directory: string): Promise<LaunchOptions> {
  if (process.platform !== 'linux') return { channel: 'chrome', args: [onlyThisMachine] };
  return {
    executablePath: await unpack(directory),
    args: [...packed.args.filter((arg) => !unwanted.includes(arg)), onlyThisMachine],
  };
}

/** Into a directory of this run: what lies in the shared one may be half unpacked, or anybody's. */
async function unpack(directory: string): Promise<string> {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = directory;
  try {
    return await packed.executablePath();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}
