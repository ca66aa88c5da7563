import type { Purpose } from '../../../lambdas/core/consent/purpose.ts';
import type { Preferences } from '../shop/consent.ts';
import type { Count } from './count.ts';
import { type Delivered, distinct } from './deliveries.ts';

/** The destination in `cdp.config.ts` that advertises, what it is told about, and what that needs. */
export const advertising = { destination: 'ads', segment: 'big_spenders', uses: 'advertising' } as const;

/** The purpose of profiling: whoever refuses it is in no segment. */
export const profiling = 'personalization';

/** The purposes as the demo knows them, because it checks `cdp.config.ts`. */
export const demoPurposes: readonly Pick<Purpose, 'key' | 'kind' | 'default'>[] = [
  { key: 'analytics', kind: 'other', default: 'granted' },
  { key: advertising.uses, kind: 'advertising', default: 'denied' },
  { key: profiling, kind: 'profiling', default: 'granted' },
];

/** Members of the segment whom the advertising tool is told about, and those who are left out, by userId. */
export interface Audience {
  readonly told: ReadonlySet<string>;
  readonly refused: ReadonlySet<string>;
  /** They said nothing, which is no consent. */
  readonly silent: ReadonlySet<string>;
}

/** Who may be advertised to, of the members of the segment. */
export function audienceOf(members: readonly string[], consents: ReadonlyMap<string, Preferences>): Audience {
  const said = (who: string): boolean | undefined => consents.get(who)?.[advertising.uses];
  const those = (is: boolean | undefined) => new Set(members.filter((who) => said(who) === is));
  return { told: those(true), refused: those(false), silent: those(undefined) };
}

/** The numbers of the audience, and of the members in the table about whom the tool was not told. */
export function audienceCounts(
  { told, refused, silent }: Audience,
  members: number,
  advertised: readonly Delivered[],
): Count[] {
  const measured = distinct(advertised).size;
  const [what, where] = [advertising.segment, `webhook of ${advertising.destination}`];
  return [
    { what: `${what} with consent to advertising`, where, expected: told.size, measured },
    {
      what: `${what} left out for lack of consent`,
      where,
      expected: refused.size + silent.size,
      measured: members - measured,
    },
  ];
}

/** Differences between the audience and what the tool was told, person by person. */
export function audienceDifferences({ told, refused, silent }: Audience, advertised: readonly Delivered[]): string[] {
  const keys = new Set(advertised.map(({ who, segment, change }) => `${who} ${change} ${segment}`));
  const wanted = new Set([...told].map((who) => `${who} entered ${advertising.segment}`));
  const why = (key: string): string => {
    const [who = ''] = key.split(' ');
    if (refused.has(who)) return 'refused';
    return silent.has(who) ? 'said nothing' : 'is no member';
  };
  return [
    ...[...wanted].filter((key) => !keys.has(key)).map((key) => `the advertising tool was not told: ${key}`),
    ...[...keys]
      .filter((key) => !wanted.has(key))
      .map((key) => `the advertising tool was told about somebody who ${why(key)}: ${key}`),
  ];
}

/** Says in one sentence how many were left out, and why. */
export const audienceStory = ({ told, refused, silent }: Audience): string =>
  `Of ${told.size + refused.size + silent.size} big spenders the advertising tool was told about ${told.size}, who ` +
  `consented; ${refused.size + silent.size} were left out for lack of consent: ${refused.size} refused, and ` +
  `${silent.size} never answered.`;
