import { gzipSync } from 'node:zlib';

/** 500 blanks, of which the last are tabs or spaces by the bits of a hash. */
const blanks = (number: number): string => {
  const bits = Math.imul(number + 1, 0x9e3779b1);
  return ' '.repeat(468) + Array.from({ length: 32 }, (_, n) => ((bits >>> n) & 1 ? '\t' : ' ')).join('');
};

/**
 * A file of few rows that is too large for the function. Blanks before a row are none of it. These pack forty times;
 * what packs more than a hundred times is a bomb.
 */
export const wideFile = (rows: readonly string[]): Buffer =>
  gzipSync(
    rows
      .map((row, n) => `${Array.from({ length: 1_900 }, (_, at) => blanks(1_900 * n + at)).join('')}${row}\n`)
      .join(''),
    { level: 1 },
  );
