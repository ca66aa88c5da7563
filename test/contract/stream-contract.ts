import { expect, it } from 'vitest';

/**
 * What a function makes of a delivery: undefined when all is done, the texts whose records it reports as failed, or
 * that it throws.
 */
type Answer = (texts: readonly string[], delivery: number) => readonly string[] | 'throws' | undefined;

/** What became of records: each delivery in order, and what was given up, with its payload. */
interface Course {
  readonly deliveries: readonly (readonly string[])[];
  readonly givenUp: readonly string[];
}

/**
 * Puts records on a shard at once and lets a mapping of two retries deliver them; a reported text that no record has
 * stands for an unknown record.
 */
export type Deliver = (texts: readonly string[], answer: Answer, mapping: 'whole' | 'halved') => Promise<Course>;

/** The n-th delivery fails so, all later ones succeed. */
const first =
  (failure: readonly string[] | 'throws'): Answer =>
  (_texts, delivery) =>
    delivery === 0 ? failure : undefined;

/**
 * What the stitch function relies on of Lambda and Kinesis, said once for the mapping in memory and for the emulated
 * one.
 */
export function holdsStreamContract(open: () => Deliver): void {
  const abcd = ['a', 'b', 'c', 'd'];

  it.each<{ name: string; answer: Answer; mapping?: 'whole' | 'halved'; deliveries: string[]; givenUp?: string[] }>([
    { name: 'delivers in the order of arrival', answer: () => undefined, deliveries: ['abcd'] },
    {
      name: 'goes back to the record that failed; what comes after it is delivered again, done or not',
      answer: first(['c']),
      deliveries: ['abcd', 'cd'],
    },
    { name: 'goes back to the lowest of several', answer: first(['d', 'b']), deliveries: ['abcd', 'bcd'] },
    {
      name: 'takes a failure it does not know for the failure of all',
      answer: first(['unknown']),
      deliveries: ['abcd', 'abcd'],
    },
    { name: 'delivers all again after an error', answer: first('throws'), deliveries: ['abcd', 'abcd'] },
    {
      name: 'gives a record up after two retries, with what follows it, and keeps the payload',
      answer: (texts) => (texts.includes('c') ? ['c'] : undefined),
      deliveries: ['abcd', 'cd', 'cd'],
      givenUp: ['c', 'd'],
    },
    {
      name: 'splits after an error, the first half first',
      answer: first('throws'),
      mapping: 'halved',
      deliveries: ['abcd', 'ab', 'cd'],
    },
    {
      name: 'splits down to the record at fault, whose retries count from there',
      answer: (texts) => (texts.includes('c') ? 'throws' : undefined),
      mapping: 'halved',
      deliveries: ['abcd', 'ab', 'cd', 'c', 'c', 'c', 'd'],
      givenUp: ['c'],
    },
    {
      name: 'does not split after a reported failure',
      answer: first(['b']),
      mapping: 'halved',
      deliveries: ['abcd', 'bcd'],
    },
  ])('$name', async ({ answer, mapping = 'whole', deliveries, givenUp = [] }) => {
    const course = await open()(abcd, answer, mapping);
    expect(course.deliveries.map((texts) => texts.join(''))).toEqual(deliveries);
    expect(course.givenUp).toEqual(givenUp);
  });
}
