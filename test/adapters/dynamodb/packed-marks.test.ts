import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packItem, unpackItem } from '../../../lambdas/adapters/dynamodb/packed-items.ts';
import { packMarks, unpackMarks } from '../../../lambdas/adapters/dynamodb/packed-marks.ts';
import { encodeMarks } from '../../../lambdas/core/profile/message-marks.ts';

const hour = fc.integer({ min: 36 ** 3, max: 36 ** 4 - 1 });
const marks = fc.array(fc.tuple(fc.stringMatching(/^[\w-]{9}$/), hour), { maxLength: 200 }).map((all) => new Map(all));

describe('marks as bytes', () => {
  it('are read as they were, in three quarters of the room', () =>
    fc.assert(
      fc.property(marks, (some) => {
        const text = encodeMarks(some);
        const bytes = packMarks(text);
        expect(bytes && unpackMarks(bytes)).toBe(text);
        const hours = new Set(some.values()).size;
        expect(bytes?.length ?? Number.NaN).toBeLessThanOrEqual(some.size * 6.75 + hours * 4.5 + 3);
      }),
    ));

  it('of one hour are as many as a profile remembers', () => {
    const some = new Map(Array.from({ length: 4000 }, (_, n) => [String(n).padStart(9, '0'), 500_000] as const));
    const bytes = packMarks(encodeMarks(some));
    expect(bytes && unpackMarks(bytes)).toBe(encodeMarks(some));
  });

  it.each(['1 abcdefghi', 'aot1 abcdefgh', 'aot1 abcdefgh!', 'aot1', `aot1 ${'abcdefghi'.repeat(4096)}`])(
    'stay a text of another form: %.20s',
    (text) => {
      expect(packMarks(text)).toBeUndefined();
      const item = { kind: 'profile', marks: text };
      expect(unpackItem(packItem(item))).toEqual(item);
    },
  );
});

it('an item with few marks or many is read as it was, whatever else it has', () => {
  const value = fc.jsonValue();
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z][A-Za-z]{0,9}$/), value), marks, (attributes, some) => {
      const { packed: _, ...rest } = attributes;
      const item = { ...rest, kind: 'profile', marks: encodeMarks(some) };
      expect(unpackItem(packItem(item))).toEqual(JSON.parse(JSON.stringify(item)));
    }),
  );
});
