import { synthesize } from '../../local/platform/synthesis.ts';
import { startScratch } from '../fixtures/scratch.ts';

/**
 * Makes the template, unless the one there was made from the very sources that are tested; gives what removes what apps
 * leave behind.
 */
export async function setup(): Promise<() => void> {
  await synthesize(new AbortController().signal);
  // Every app makes a folder for its output as soon as there is one, and leaves it to others to remove.
  return startScratch();
}
