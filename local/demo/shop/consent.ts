import type { UnsentCall } from './calls.ts';
import type { Random } from './random.ts';

/** What somebody allows and refuses, by the shop's purposes. */
export type Preferences = Readonly<Record<string, boolean>>;

const answers: readonly { readonly share: number; readonly says: Preferences | undefined }[] = [
  { share: 0.45, says: { analytics: true, advertising: true, personalization: true } },
  { share: 0.2, says: { analytics: true, advertising: false, personalization: true } },
  { share: 0.1, says: { analytics: false, advertising: false, personalization: true } },
  { share: 0.05, says: { analytics: false, advertising: false, personalization: false } },
  // They close the question without an answer.
  { share: 0.2, says: undefined },
];

/** What each of those whom the storefront asks for consent answers; absent who says nothing. */
export function consentsOf(asked: readonly string[], random: Random): ReadonlyMap<string, Preferences> {
  return new Map(
    asked.flatMap((who): [string, Preferences][] => {
      const says = answerAt(random.below(1000) / 1000);
      return says === undefined ? [] : [[who, says]];
    }),
  );
}

function answerAt(place: number): Preferences | undefined {
  let end = 0;
  return answers.find(({ share }) => {
    end += share;
    return place < end;
  })?.says;
}

/** A visit in which the first call says what the visitor answered. */
export const consenting = ([first, ...more]: readonly UnsentCall[], says: Preferences | undefined): UnsentCall[] => {
  if (first === undefined) return [];
  return [says === undefined ? first : { ...first, context: { consent: { categoryPreferences: says } } }, ...more];
};
