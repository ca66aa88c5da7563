/** Deeper values overflow the stack of whoever writes them as JSON. */
const mostLevels = 500;

const opens = new Set('[{');
const closes = new Set(']}');
const token = /"(?:[^"\\]|\\.)*"|[[\]{}]/gs;

/** Whether a text of JSON is nested more deeply than a row may be. */
export function isDeep(text: string): boolean {
  if (text.length < 2 * mostLevels) return false;
  let depth = 0;
  for (const [sign] of text.matchAll(token)) {
    if (opens.has(sign)) depth += 1;
    else if (closes.has(sign)) depth -= 1;
    if (depth > mostLevels) return true;
  }
  return false;
}
