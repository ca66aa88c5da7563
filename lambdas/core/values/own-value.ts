/** An object's own value under a name, never an inherited one such as `constructor`. */
export const ownValue = <Value>(fields: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(fields, name) ? fields[name] : undefined;
