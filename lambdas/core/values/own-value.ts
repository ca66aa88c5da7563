/** What an object says under a name of its own; what every object inherits, such as `constructor`, is no word of anybody. */
export const ownValue = <Value>(fields: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(fields, name) ? fields[name] : undefined;
