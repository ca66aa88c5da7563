import { describe, expect, it } from 'vitest';
import { limitOf, readQuery } from '../../../lambdas/core/apis/profile-query.ts';

const read = (text: string) => readQuery(new URLSearchParams(text));

describe('a query', () => {
  it('says nothing by default', () => expect(read('')).toEqual({ ok: true, query: { verbose: false, sort: 'desc' } }));

  it('says all there is to say', () => {
    const text =
      'limit=20&next=b&include=a,%20b,&exclude=c&class=audience&verbose=true&start=2026-05-01&end=2026-05-02T03:04:05Z&sort=asc';
    expect(read(text)).toEqual({
      ok: true,
      query: {
        limit: 20,
        next: 'b',
        include: ['a', 'b'],
        exclude: ['c'],
        class: 'audience',
        verbose: true,
        start: Date.parse('2026-05-01'),
        end: Date.parse('2026-05-02T03:04:05Z'),
        sort: 'asc',
      },
    });
  });

  it('may hold what nobody knows, and empty values', () =>
    expect(read(':collection=users&__proto__=x&limit=&sort=')).toEqual(read('')));

  it.each([
    { text: 'limit=0', problem: 'limit must be a whole number from 1 to 200' },
    { text: 'limit=201', problem: 'limit must be' },
    { text: 'limit=1.5', problem: 'limit must be' },
    { text: 'limit=-1', problem: 'limit must be' },
    { text: 'class=trait', problem: 'class must be one of: audience, computed_trait' },
    { text: 'verbose=yes', problem: 'verbose must be one of: true, false' },
    { text: 'sort=up', problem: 'sort must be one of: asc, desc' },
    { text: 'start=yesterday', problem: 'start must be a date or time in ISO 8601' },
    { text: `next=${'x'.repeat(1001)}`, problem: 'next must be the' },
  ])('not $text', ({ text, problem }) =>
    expect(read(text)).toEqual({ ok: false, problem: expect.stringContaining(problem) }),
  );

  it.each([
    { text: '', limit: 10 },
    { text: 'include=a', limit: 200 },
    { text: 'include=a&limit=3', limit: 3 },
  ])('"$text" asks for $limit items at the most', ({ text, limit }) => {
    const answer = read(text);
    expect(answer.ok && limitOf(answer.query)).toBe(limit);
  });
});
