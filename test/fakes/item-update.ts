import type { Conditional, Item } from './condition-expression.ts';

/** An update as the document client takes it. */
export interface Update extends Conditional {
  readonly Key?: Item | undefined;
  readonly UpdateExpression?: string | undefined;
}

const list = (one: string): string => `${one}(?:, ${one})*`;
const grammar = new RegExp(
  `^(?:SET (${list('#\\w+ = :\\w+')}))? ?(?:REMOVE (${list('#\\w+')}))? ?(?:ADD (${list('#\\w+ :\\w+')}))? ?(?:DELETE (${list('#\\w+ :\\w+')}))?$`,
);

/** An item after an update. @throws Error on an expression that nobody used so far */
export function updated(
  item: Item,
  { UpdateExpression = '', ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} }: Update,
): Item {
  const read = UpdateExpression === '' ? null : grammar.exec(UpdateExpression);
  if (read === null) throw new Error(`${UpdateExpression} is not known here`);
  const [, set = '', remove = '', added = '', removed = ''] = read;
  const pairsIn = (text: string, between: string): [string, string][] =>
    text === '' ? [] : text.split(', ').map((each) => each.split(between) as [string, string]);
  const gone = new Set(remove.split(', ').map((name) => names[name]));
  const kept: Item = {
    ...Object.fromEntries(Object.entries(item).filter(([name]) => !gone.has(name))),
    ...Object.fromEntries(pairsIn(set, ' = ').map(([name, value]) => [names[name], values[value]])),
  };
  const changes = [
    ...pairsIn(added, ' ').map((pair) => ['ADD', ...pair] as const),
    ...pairsIn(removed, ' ').map((pair) => ['DELETE', ...pair] as const),
  ];
  return changes.reduce(
    (after, [change, name, value]) => withSet(after, names[name] ?? '', change, values[value]),
    kept,
  );
}

/** A set with members added or removed; an empty set is none. @throws Error on no members, as the service does */
function withSet(item: Item, name: string, change: string, members: unknown): Item {
  if (!(members instanceof Set) || members.size === 0) throw new Error('An string set  may not be empty');
  const before = item[name] instanceof Set ? (item[name] as ReadonlySet<unknown>) : new Set();
  const after = new Set(
    change === 'ADD' ? [...before, ...members] : [...before].filter((member) => !members.has(member)),
  );
  const { [name]: _, ...others } = item;
  return after.size === 0 ? others : { ...others, [name]: after };
}
