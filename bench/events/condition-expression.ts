import type { PutCommandInput } from '@aws-sdk/lib-dynamodb';

type Row = Readonly<Record<string, unknown>>;

/** Judges a write's condition against the item there is: `attribute_not_exists(#a)` and `#a = :b`, joined by AND, and nothing else. */
export function conditionHolds(input: PutCommandInput, item: Row = {}): boolean {
  const { ConditionExpression, ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = input;
  return (ConditionExpression?.split(' AND ') ?? []).every((part) => {
    const absent = /^attribute_not_exists\((#?\w+)\)$/.exec(part)?.[1];
    if (absent !== undefined) return item[names[absent] ?? absent] === undefined;
    const [, name, value] = /^(#?\w+) = (:\w+)$/.exec(part) ?? [];
    if (name === undefined || value === undefined) throw new Error(`cannot judge the condition ${part}`);
    return item[names[name] ?? name] === values[value];
  });
}
