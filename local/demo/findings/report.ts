import type { Count } from './findings.ts';

/** Draws the counts as a table with expected and measured numbers. */
export function countsTable(counts: readonly Count[]): string[] {
  const number = (value: number) => value.toLocaleString('en-US').padStart(9);
  return [
    `  ${''.padEnd(28)}${''.padEnd(10)}${'expected'.padStart(9)} ${'measured'.padStart(9)}`,
    ...counts.map(
      ({ what, where, expected, measured }) =>
        `  ${what.padEnd(28)}${where.padEnd(10)}${number(expected)} ${number(measured)}${expected === measured ? '' : '  ← differs'}`,
    ),
  ];
}

const mostShown = 20;

/** Lists the first differences and the number of the others. */
export function differencesList(found: readonly string[]): string[] {
  const more = found.length - mostShown;
  return [...found.slice(0, mostShown).map((line) => `  - ${line}`), ...(more > 0 ? [`  … and ${more} more`] : [])];
}
