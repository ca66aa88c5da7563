import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packAggregateLines, unpackAggregateLines } from '../../../lambdas/adapters/dynamodb/packed-aggregates.ts';
import { packItem, unpackItem } from '../../../lambdas/adapters/dynamodb/packed-items.ts';

const ofMarks = fc.stringMatching(/^[\w-]{10,200}$/);
const withParts = fc.stringMatching(/^[\w-]{9}:[a-z]\d:[^\n]{0,40}$/);
const lines = fc.array(fc.oneof(ofMarks, withParts), { minLength: 1, maxLength: 20 });

describe('aggregates as bytes', () => {
  it('are read as they were, in their order, in three quarters of the room', () =>
    fc.assert(
      fc.property(lines, (some) => {
        const packed = packAggregateLines(some.join('\n'));
        const inBytes = some.filter((line) => !line.includes(':'));
        expect(packed === undefined).toBe(inBytes.length === 0);
        expect(packed === undefined ? some : unpackAggregateLines(packed).split('\n')).toEqual(some);
        const characters = inBytes.reduce((sum, line) => sum + line.length + 2, 0);
        expect(packed?.bytes.length ?? 0).toBeLessThanOrEqual(characters * 0.75 + 3);
      }),
    ));

  it.each([1, 2, 3, 4, 4095])('of a line of %i characters are read as they were', (length) => {
    const text = 'A'.repeat(length);
    const packed = packAggregateLines(text);
    expect(packed && unpackAggregateLines(packed)).toBe(text);
  });

  it.each(['', 'MuRm7FZGYCl3\n', 'MuRm7FZGY:t:1', `[["a","t","1"]]`, 'a'.repeat(4096)])(
    'stay a text of another form: %.20s',
    (text) => {
      expect(packAggregateLines(text)).toBeUndefined();
      const item = { kind: 'profile', aggregates: text };
      expect(unpackItem(packItem(item))).toEqual(item);
    },
  );

  it('need no room among what is deflated, and lines beside them only their own', () => {
    const of = (aggregates: string) => packItem({ kind: 'profile', aggregates });
    const packedLength = (item: object) => (item as { packed: Uint8Array }).packed.length;
    const nothing = packedLength(packItem({ kind: 'profile' }));
    expect(packedLength(of('MuRm7FZGYCl3OMxaL1P7bImwt6xtuo'))).toBe(nothing);
    expect(packedLength(of('MuRm7FZGYCl3OMxaL1P7bImwt6xtuo\nid:t:1'))).toBeGreaterThan(nothing);
  });
});

it('an item is read as it was, whatever else it has', () => {
  const value = fc.jsonValue();
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z][A-Za-z]{0,9}$/), value), lines, (attributes, some) => {
      const { packed: _, marks: __, ...rest } = attributes;
      const item = { ...rest, kind: 'profile', aggregates: some.join('\n') };
      expect(unpackItem(packItem(item))).toEqual(JSON.parse(JSON.stringify(item)));
    }),
  );
});
