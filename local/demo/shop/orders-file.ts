import { glob, readFile } from 'node:fs/promises';

const place = '.venv/lib/python*/site-packages/lifetimes/datasets/CDNOW_sample.txt';

/** The file of orders is missing from its place in the Python packages. */
class OrdersMissing extends Error {
  override readonly name = 'OrdersMissing';
}

/**
 * Reads the orders of 2,357 real customers of the CD shop CDNOW, 1997 and 1998, from the Python package `lifetimes`.
 */
export async function readOrdersFile(): Promise<string> {
  for await (const file of glob(place)) return readFile(file, 'utf8');
  throw new OrdersMissing(`${place} is missing; \`npm start\` installs it`);
}
