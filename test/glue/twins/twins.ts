import fc from 'fast-check';
import { getCountries, getCountryCallingCode } from 'libphonenumber-js/max';
import { normalizeEmail } from '../../../lambdas/core/identifiers/email.ts';
import { normalizePhone } from '../../../lambdas/core/identifiers/phone.ts';
import { compareTexts, folded, isBlank, lowered } from '../../../lambdas/core/values/text.ts';
import { segmentsOfAccounts } from './twin-accounts.ts';
import { segmentsOfCalls } from './twin-calls.ts';
import { identifiers, identity, patterns } from './twin-events.ts';
import { segmentsOfLives } from './twin-lives.ts';
import { lastWords, placements } from './twin-profiles.ts';
import { amounts, comparisons, days, fingerprints, numbers, times, zoneNames } from './twin-readings.ts';

/**
 * What the stream's rules make of random inputs, as JSON on stdout, for the lake's to be compared with: `node
 * test/glue/twins/twins.ts <rule> <seed> <runs>`. Each line is `[input, what the stream makes of it]`.
 */
const [rule = '', seed = 0, runs = 0] = process.argv.slice(2).map((text, n) => (n === 0 ? text : Number(text))) as [
  string,
  number,
  number,
];

const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength });
const callingCodes = [
  ...new Set(getCountries().map((country) => getCountryCallingCode(country))),
  '800',
  '808',
  '870',
  '878',
  '881',
  '882',
  '883',
  '888',
  '979',
];
const written = (text: string, marks: readonly string[]) =>
  [...text].map((digit, n) => digit + (marks[n] ?? '')).join('');
const marks = fc.array(
  fc.constantFrom('', '', '', '', ' ', '-', '.', '/', '(', ')', '\u00a0', '\u2011', '\u202c', '\u200b'),
  { maxLength: 20 },
);
const odd = fc.constantFrom('', '', '', '', '', '', ';ext=5', ' x5', ' ext. 7', ',,12', '#', 'tel:', '\ud83d\ude00');
const phones = fc
  .record({
    prefix: fc.constantFrom('+', '+', '', '00', '011', '0', '1', '8', '\uff0b', '(+', '++'),
    country: fc.constantFrom(...getCountries()),
    code: fc.constantFrom(...callingCodes, ''),
    kind: fc.nat(3),
    rest: digits(3, 13),
    ...{ marks, odd },
  })
  .map(({ prefix, country, code, kind, rest, marks, odd }) => {
    const number = [
      `+${getCountryCallingCode(country)}${rest}`,
      `+${code}${rest}`,
      `${prefix}${rest}`,
      `${prefix}${getCountryCallingCode(country)}${rest}`,
    ];
    return { text: `${written(number[kind] ?? '', marks)}${odd}`, country: kind === 1 ? null : country };
  });

const letters = [
  ...'aAbéÉeıİſßẞÅΣςσДж中あがバ가á\u0301\u0327\u0308\u030a\u200b\u00ad\ufeff\u00a0 \u0085\u180e．。｡Ａ１ﬁ½½😀🏽\ud801\udc00\ua7dc\u0897\u0ece-_.+\'"<>(),:;@?=%',
];
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...letters), maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.string({ maxLength: 8 }),
);
const emails = fc
  .tuple(
    text,
    fc.constantFrom('@', '@', '@', '@', '', '@@', '＠'),
    text,
    fc.constantFrom('.com', '.Example', '.рф', '.COM ', '', '.c', '.1'),
  )
  .map((parts) => parts.join(''));

const rules: Readonly<Record<string, () => unknown>> = {
  phones: () =>
    fc
      .sample(phones, { numRuns: runs, seed })
      .map((one) => [one, normalizePhone(one.text, one.country ?? undefined) ?? null]),
  emails: () => fc.sample(emails, { numRuns: runs, seed }).map((one) => [one, normalizeEmail(one) ?? null]),
  texts: () =>
    fc
      .sample(text, { numRuns: runs, seed })
      .map((one) => [one, [lowered(one), folded(one, 'NFC'), folded(one, 'NFKC'), isBlank(one)]]),
  identifiers: () => identifiers(runs, seed),
  patterns: () => patterns(runs, seed),
  identity: () => identity,
  placements: () => placements(runs, seed),
  lastWords: () => lastWords(runs, seed),
  ...Object.fromEntries(
    Object.entries({
      amounts,
      comparisons,
      days,
      fingerprints,
      numbers,
      times,
      zoneNames,
      segmentsOfAccounts,
      segmentsOfCalls,
      segmentsOfLives,
    }).map(([name, make]) => [name, () => make(runs, seed)]),
  ),
  order: () =>
    fc.sample(fc.tuple(text, text), { numRuns: runs, seed }).map(([a, b]) => [[a, b], Math.sign(compareTexts(a, b))]),
  letters: () =>
    Array.from({ length: 0x110000 }, (_, point) => point)
      .filter((point) => point < 0xd800 || point > 0xdfff)
      .map((point) => {
        const letter = String.fromCodePoint(point);
        return [letter, [lowered(letter), folded(letter, 'NFC'), folded(`a\u0301${letter}\u0327`, 'NFKC')]];
      }),
};
process.stdout.write(JSON.stringify(await rules[rule]?.()));
