import type { Conditional, Item } from './condition-expression.ts';

/** An update as the document client takes it. */
export interface Update extends Conditional {
  readonly Key?: Item | undefined;
  readonly UpdateExpression?: string | undefined;
}

/** An item after an update. @throws Error on an expression that nobody used so far */
export function updated(
  item: Item,
  { UpdateExpression = '', ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} }: Update,
): Item {
  const [, set = '', remove = ''] =
    /^SET ((?:#\w+ = :\w+(?:, )?)+)(?: REMOVE ((?:#\w+(?:, )?)+))?$/.exec(UpdateExpression) ?? [];
  if (set === '') throw new Error(`${UpdateExpression} is not known here`);
  const pairs = set
    .trim()
    .split(', ')
    .map((each) => each.split(' = ') as [string, string]);
  const gone = new Set(remove.split(', ').map((name) => names[name]));
  return {
    ...Object.fromEntries(Object.entries(item).filter(([name]) => !gone.has(name))),
    ...Object.fromEntries(pairs.map(([name, value]) => [names[name], values[value]])),
  };
}
