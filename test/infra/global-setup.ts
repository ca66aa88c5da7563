import { synthesize } from '../../local/platform/synthesis.ts';

/** Makes the template, unless the one there was made from the very sources that are tested. */
export async function setup(): Promise<void> {
  await synthesize(new AbortController().signal);
}
