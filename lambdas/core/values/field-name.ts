/** `['properties', 'items', 0]` → `properties.items[0]`, the way a reader would write it. */
export const pathText = (path: readonly PropertyKey[]): string =>
  path.map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at === 0 ? '' : '.'}${String(part)}`)).join('');

/** A path of a configuration as text; what has none is about all of it. */
export const fieldName = (path: readonly PropertyKey[]): string => pathText(path) || 'configuration';
