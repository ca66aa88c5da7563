import { glob, readFile } from 'node:fs/promises';

const place = '.venv/lib/python*/site-packages/lifetimes/datasets/CDNOW_sample.txt';

/** The real orders are not where setup puts them. */
class OrdersMissing extends Error {
  override readonly name = 'OrdersMissing';
}

/**
 * The orders of 2,357 real customers of the CD shop CDNOW, 1997 and 1998, which the Python package `lifetimes` carries.
 */
export async function readOrdersFile(): Promise<string> {
  for await (const file of glob(place)) return readFile(file, 'utf8');
  throw new OrdersMissing(`${place} is missing; \`npm start\` installs it`);
}
