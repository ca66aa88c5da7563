const width = 100;

/** A value as TypeScript: names without quotes where they need none, and lines that are not too long. */
export function literal(value: unknown, indent = ''): string {
  const line = oneLine(value);
  if (line.length + indent.length <= width || typeof value !== 'object' || value === null) return line;
  const deeper = `${indent}  `;
  if (Array.isArray(value))
    return `[\n${value.map((each) => `${deeper}${literal(each, deeper)},\n`).join('')}${indent}]`;
  const fields = Object.entries(value).map(([name, each]) => `${deeper}${nameText(name)}: ${literal(each, deeper)},\n`);
  return `{\n${fields.join('')}${indent}}`;
}

function oneLine(value: unknown): string {
  if (typeof value === 'string')
    return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  const fields = Object.entries(value).map(([name, each]) => `${nameText(name)}: ${oneLine(each)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

const nameText = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`);
