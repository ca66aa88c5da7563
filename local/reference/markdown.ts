/** Text of a table cell: one line, with bars escaped. */
const cell = (text: string): string =>
  text
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|')
    .trim();

export const code = (text: string): string => `\`${text}\``;

/** A table, or nothing if it has no rows. */
export const table = (header: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  rows.length === 0
    ? []
    : [header, header.map(() => '---'), ...rows.map((row) => row.map(cell))]
        .map((row) => `| ${row.join(' | ')} |`)
        .concat('');

/** A fenced block of TypeScript. */
export const fenced = (text: string): string[] => ['```ts', text.trim(), '```', ''];
