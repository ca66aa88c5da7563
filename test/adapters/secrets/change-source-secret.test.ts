import { expect, it } from 'vitest';
import { withSourceSecret } from '../../../lambdas/adapters/secrets/change-source-secret.ts';

const other = { secrets: ['secret of another'], note: 'stays' };
const stored = JSON.stringify({ unused: 'x', other, pay: { secrets: ['the first one'] } });
const change = (given: object, text = stored) =>
  JSON.parse(withSourceSecret(text, 'pay', given)) as { readonly pay: object };

it.each([
  {
    name: 'a new secret comes before the old one',
    given: { secret: 'the second one' },
    pay: { secrets: ['the second one', 'the first one'] },
  },
  {
    name: 'the same secret again changes nothing',
    given: { secret: 'the first one' },
    pay: { secrets: ['the first one'] },
  },
  {
    name: 'the old one ends with --only',
    given: { secret: 'the second one', only: true },
    pay: { secrets: ['the second one'] },
  },
  {
    name: 'a word stays beside the secrets',
    given: { verifyToken: 'a word of ours' },
    pay: { secrets: ['the first one'], verifyToken: 'a word of ours' },
  },
])('$name, and other sources stay to the letter', ({ given, pay }) =>
  expect(change(given)).toEqual({ unused: 'x', other, pay }),
);

it('two secrets are valid at most, and the first secret of a source needs none before it', () => {
  const two = withSourceSecret(stored, 'pay', { secret: 'the second one' });
  expect(change({ secret: 'the third one' }, two).pay).toEqual({ secrets: ['the third one', 'the second one'] });
  expect(change({ secret: 'the first one' }, '{"unused":"x"}').pay).toEqual({ secrets: ['the first one'] });
});

it.each([{ secret: 'short' }, { verifyToken: 'short' }])('refuses %j without quoting it', (given) =>
  expect(() => change(given)).toThrow(/^a source needs a secret/),
);
