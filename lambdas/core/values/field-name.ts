/** `['segments', 0, 'key']` → `segments[0].key`, the way a reader would write it. */
export const fieldName = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (name, part) =>
      typeof part === 'number' ? `${name}[${part}]` : name === '' ? String(part) : `${name}.${String(part)}`,
    '',
  ) || 'configuration';
