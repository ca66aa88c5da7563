/** Text of a table's cell: one line, and no bar that would end it. */
const cell = (text: string): string =>
  text
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|')
    .trim();

export const code = (text: string): string => `\`${text}\``;

/** A table, or nothing where it would be empty. */
export const table = (header: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  rows.length === 0
    ? []
    : [header, header.map(() => '---'), ...rows.map((row) => row.map(cell))]
        .map((row) => `| ${row.join(' | ')} |`)
        .concat('');

/** A fenced block of TypeScript. */
export const fenced = (text: string): string[] => ['```ts', text.trim(), '```', ''];
