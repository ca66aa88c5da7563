import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowsIn } from '../../../bin/segments/list-file.ts';
import type { Row } from '../../../lambdas/operations/upload-list.ts';
import { numRuns } from '../../fixtures/laws.ts';

type Bytes = Uint8Array;
const utf8 = (text: string): Bytes => new TextEncoder().encode(text);
const latin1 = (text: string): Bytes => Buffer.from(text, 'latin1');
const utf16 = (text: string): Bytes => Buffer.from(`\uFEFF${text}`, 'utf16le');

async function* chunks(bytes: Bytes, size = bytes.length): AsyncGenerator<Bytes> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Each row as its line with what its cells say, or with its fault. */
async function read(bytes: Bytes, size?: number): Promise<[number, unknown][]> {
  const rows: Row[] = [];
  for await (const page of rowsIn(chunks(bytes, size))) rows.push(...page);
  return rows.map(({ line, fields, fault }) => [line, fault ?? Object.fromEntries(fields)]);
}

const openQuote = 'has a quote that does not end';
const strayQuote = 'has a quote where none may be';

describe('a file of a list', () => {
  it.each<[string, Bytes, [number, unknown][]]>([
    ['begins with a mark', utf8('\uFEFFuser_id\nu1'), [[2, { user_id: 'u1' }]]],
    ['is UTF-16', utf16('user_id\r\nü1\r\n'), [[2, { user_id: 'ü1' }]]],
    ['is UTF-16 the other way', Buffer.from(utf16('user_id\nü1')).swap16(), [[2, { user_id: 'ü1' }]]],
    ['has semicolons', utf8('Name;User_ID\nA, B;u1'), [[2, { name: 'A, B', user_id: 'u1' }]]],
    ['has tabs', utf8('user_id\tname\nu1\tA, B'), [[2, { user_id: 'u1', name: 'A, B' }]]],
    ['has other commas in its header', utf8('"a, b",user_id\n"x, y",u1'), [[2, { 'a, b': 'x, y', user_id: 'u1' }]]],
    ['has quotes in quotes', utf8('user_id,x\n"u,""1""",'), [[2, { user_id: 'u,"1"', x: '' }]]],
    [
      'has line breaks in quotes',
      utf8('user_id,x\r\n\r\nu1,"a\r\n\r\n""b"""\r\nu2,c\r\n'),
      [
        [3, { user_id: 'u1', x: 'a\n\n"b"' }],
        [6, { user_id: 'u2', x: 'c' }],
      ],
    ],
    [
      'has a quote that never ends',
      utf8('user_id,x\n"u1,\nu2,\n\nu3,'),
      [
        [2, openQuote],
        [3, { user_id: 'u2', x: '' }],
        [5, { user_id: 'u3', x: '' }],
      ],
    ],
    [
      'has two quotes too many, some lines apart',
      utf8('user_id,x\n"u1,a\nu2,b\n"u3,c\nu4,d'),
      [
        [2, openQuote],
        [3, { user_id: 'u2', x: 'b' }],
        [4, openQuote],
        [5, { user_id: 'u4', x: 'd' }],
      ],
    ],
    [
      'has quotes in the midst',
      utf8('user_id,x\nu"1",a\n"u2"2,b\nu3,c'),
      [
        [2, strayQuote],
        [3, strayQuote],
        [4, { user_id: 'u3', x: 'c' }],
      ],
    ],
    [
      'has too many cells and too few',
      utf8('user_id,x\nu1,a,b\nu2\nu3,c'),
      [
        [2, 'must have 2 cells; got 3'],
        [3, 'must have 2 cells; got 1'],
        [4, { user_id: 'u3', x: 'c' }],
      ],
    ],
    [
      'is of another encoding where it counts',
      latin1('user_id,city\nü1,Ulm\nu2,Köln\nu3,'),
      [
        [2, 'user_id is not UTF-8'],
        [3, { user_id: 'u2', city: 'K\uFFFDln' }],
        [4, { user_id: 'u3', city: '' }],
      ],
    ],
    [
      'is NDJSON with other lines',
      utf8('\n{"USER_ID":7,"on":true}\n[]\n{\n\n{"user_id":"a\u2028b"}'),
      [
        [2, { user_id: '7' }],
        [3, 'must be an object of JSON'],
        [4, 'is no JSON'],
        [6, { user_id: 'a\u2028b' }],
      ],
    ],
    ['is empty', utf8('\n \n'), []],
    ['has a header alone', utf8('user_id\n'), []],
  ])('that %s', async (_what, bytes, rows) => {
    expect(await read(bytes)).toEqual(rows);
    expect(await read(bytes, 2)).toEqual(rows);
  });

  it.each<[string, Bytes, string]>([
    ['names nobody', utf8('userid,email\nu1,a'), 'user_id or anonymous_id among them; got "userid,email"'],
    ['has no header', utf8('u1\nu2'), 'got "u1"'],
    ['ends its lines as old Macs did', utf8('user_id\ru1\ru2'), 'got "user_id\\ru1\\ru2"'],
    ['is packed', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]), 'got "\\u001f'],
    ['names a column twice', utf8('user_id,email,Email\nu1,a,b'), 'must name the column email once'],
    ['has no line breaks', utf8('x'.repeat(1_000_001)), 'line 1 of the file has more than 1,000,000 characters'],
  ])('is refused when it %s', async (_what, bytes, says) =>
    expect(read(bytes)).rejects.toThrow(
      expect.objectContaining({ name: 'Misused', message: expect.stringContaining(says) }),
    ),
  );

  it('is read in pages, and never further than the page that is asked for', async () => {
    let read = 0;
    const rows = rowsIn(
      (async function* () {
        yield utf8('user_id\n');
        for (; ; read += 100) yield utf8('u1\n'.repeat(100));
      })(),
    );
    for (let page = 1; page <= 3; page++) {
      expect((await rows.next()).value).toHaveLength(500);
      expect(read).toBeLessThanOrEqual(500 * page);
    }
    await rows.return(undefined);
  });
});

const text = fc.string({
  unit: fc.constantFrom('a', 'ü', '€', '😀', ' ', ',', ';', '\t', '"', "'", '\n'),
  maxLength: 6,
});
/** A cell as a program writes it: in quotes where it must be, and sometimes where it need not. */
const written = (cell: string, isQuoted: boolean): string =>
  isQuoted || /[",;\t\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
const row = fc.record({
  cells: fc.tuple(
    text,
    text.filter((one) => one.trim() !== ''),
  ),
  isQuoted: fc.boolean(),
  isBroken: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  blank: fc.nat(1),
});

it('what any program writes is read with the line of each row, however it is cut', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 12 }),
      ...([
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.integer({ min: 2, max: 9 }),
      ] as const),
      async (rows, delimiter, end, isWide, size) => {
        let file = `"city"${delimiter}USER_ID${end}`;
        const expected = rows.map(({ cells: [city, userId], isQuoted, isBroken, blank }) => {
          file += end.repeat(blank);
          const line = file.split('\n').length;
          if (isBroken) file += `a${delimiter}b${delimiter}c${end}`;
          else file += `${written(city, isQuoted)}${delimiter}${written(userId, isQuoted)}${end}`;
          return [line, isBroken ? 'must have 2 cells; got 3' : { city, user_id: userId }];
        });
        expect(await read(isWide ? utf16(file) : utf8(file), size)).toEqual(expected);
      },
    ),
    { numRuns: numRuns(400) },
  ));
