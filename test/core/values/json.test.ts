import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  isNumber,
  isSameNumber,
  isSentNumber,
  nearest,
  numberText,
  readJson,
} from '../../../lambdas/core/values/json.ts';
import { numRuns } from '../../fixtures/laws.ts';
import { sharedCases } from '../../fixtures/shared-rules.ts';

const textOf = (value: unknown): string | undefined => (isNumber(value) ? numberText(value) : undefined);
const places = (number: string) => [
  `{"a":${number}}`,
  `[1,\n ${number}]`,
  `{"a":[[{"b":"x"},\t${number} ]]}`,
  `[${number},"\\u0000\\u0001"]`,
];
const numbersIn = (value: unknown): unknown[] =>
  typeof value === 'object' && value !== null && !isSentNumber(value)
    ? Object.values(value).flatMap(numbersIn)
    : isNumber(value)
      ? [value]
      : [];

describe('the text of a number', () => {
  it.each(sharedCases<string, string>('numbers'))('is the one of $name', ({ input, expected }) => {
    for (const text of places(input)) {
      expect(numbersIn(readJson(text)).map(textOf)).toContain(expected);
      expect(numbersIn(readJson(JSON.stringify(readJson(text)))).map(textOf)).toContain(expected);
    }
  });

  const digits = fc.stringMatching(/^(0|[1-9]\d{0,24})$/);
  const number = fc
    .tuple(
      fc.constantFrom('', '-'),
      digits,
      fc.option(fc.stringMatching(/^\d{1,24}$/)),
      fc.option(fc.stringMatching(/^[eE][+-]?\d{1,3}$/)),
    )
    .map(
      ([sign, whole, fraction, exponent]) =>
        `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${exponent ?? ''}`,
    );

  it('is plain digits of a whole number up to 2^53, else what was sent, wherever it stands', () =>
    fc.assert(
      fc.property(number, (sent) => {
        const text = textOf((readJson(`{"a":${sent}}`) as { a: unknown }).a) ?? '';
        if (text !== sent) expect([Number.isSafeInteger(Number(text)), isSameNumber(text, sent)]).toEqual([true, true]);
        else expect(/^-?\d+$/.test(text) || !isWholeAndPlain(sent)).toBe(true);
      }),
      { numRuns: numRuns(5_000) },
    ));

  it('reads any other JSON as the engine does', () =>
    fc.assert(
      fc.property(fc.json(), fc.constantFrom('', '9007199254740993'), (json, number) => {
        const text = number === '' ? json : `[${json},${number}]`;
        const read = readJson(text);
        expect(number === '' ? read : (read as unknown[])[0]).toEqual(readJson(json));
        expect(JSON.parse(JSON.stringify(read))).toEqual(JSON.parse(text));
      }),
      { numRuns: numRuns(1_000) },
    ));
});

/** Decided over whole numbers, which JavaScript has of any size. */
function isWholeAndPlain(sent: string): boolean {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(sent) ?? [];
  const places = Number(exponent) - fraction.length;
  const all = BigInt(`${whole}${fraction}`);
  if (all === 0n) return true;
  const value =
    places >= 0
      ? all * 10n ** BigInt(places)
      : all % 10n ** BigInt(-places) === 0n
        ? all / 10n ** BigInt(-places)
        : undefined;
  return value !== undefined && value < 2n ** 53n && sign !== undefined;
}

it('reads ordinary bodies once, whatever their times and ids look like', () => {
  const parse = vi.spyOn(JSON, 'parse');
  const times = ['2026-01-31T12:00:19.990Z', '12:00:01.120', 'urn:1ef:19.50x'].map((text) => JSON.stringify(text));
  readJson(`{"at":[${times}],"id":"7615917337495251231","price":19.99,"ratio":0.000001,"whole":1.0,"lat":-52.520008}`);
  expect(parse).toHaveBeenCalledTimes(1);
  parse.mockRestore();
});

describe('a body with such a number', () => {
  it('may nest as deeply as one without', () => {
    const deep = `{"a":9007199254740993,"b":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(numberText((readJson(deep) as { a: number }).a)).toBe('9007199254740993');
  });

  it('keeps names that are special elsewhere, and texts that look like numbers or marks', () => {
    const text =
      '{"__proto__":9007199254740993,"1":{"rawJSON":"9007199254740995"},"b":"\\u00009007199254740997","c":":9007199254740999"}';
    const read = readJson(text) as Record<string, unknown>;
    expect(Object.keys(read)).toEqual(['1', '__proto__', 'b', 'c']);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect([isSentNumber(read['1']), read.b, read.c]).toEqual([false, '\u00009007199254740997', ':9007199254740999']);
    expect(JSON.stringify(read)).toContain('"__proto__":9007199254740993');
  });

  it.each([
    '{"a":9007199254740993',
    '{"a":90071992547409930123.}',
    '{"a":01234567890123456789}',
    '',
    '[9007199254740993,]',
  ])('that is %s is no JSON', (text) => expect(() => readJson(text)).toThrow(SyntaxError));

  it('reads a number of half a million digits as fast as any', () => {
    const text = `[1${'0'.repeat(250_000)}.${'0'.repeat(250_000)}1,0.${'0'.repeat(250_000)}]`;
    expect(numbersIn(readJson(text)).map((value) => nearest(value as number))).toEqual([Number.POSITIVE_INFINITY, 0]);
  });
});
