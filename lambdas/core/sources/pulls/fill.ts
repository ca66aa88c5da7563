/** Puts settings in place of their names, in all texts of a template: `{shop}` as it is, `{list...}` as a list. */
export function filled<T>(template: T, settings: ReadonlyMap<string, string>): T {
  return fill(template, settings) as T;
}

function fill(template: unknown, settings: ReadonlyMap<string, string>): unknown {
  if (typeof template === 'string') return inText(template, settings);
  if (Array.isArray(template)) return template.map((each) => fill(each, settings));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, fill(value, settings)]));
}

function inText(text: string, settings: ReadonlyMap<string, string>): unknown {
  const [, list] = /^\{(\w+)\.\.\.\}$/.exec(text) ?? [];
  if (list !== undefined) return (settings.get(list) ?? '').split(',');
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => settings.get(name) ?? whole);
}
