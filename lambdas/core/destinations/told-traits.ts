import type { ProfileId } from '../profile/profile.ts';

/** What is recorded about a destination and one computed trait of somebody, under the id of one profile. */
export interface ToldTrait {
  /** Names that the destination was told the trait under, as texts: `userId:ann`. */
  readonly names: ReadonlySet<string>;
  /** Names that it was told under, too, and that were somebody else's at some time. */
  readonly former: ReadonlySet<string>;
  /** Fingerprint of the value that it has under all these names, unless something is on its way; else undefined. */
  readonly value?: string | undefined;
  /** What was told last, or is being told. */
  readonly last?: { readonly value: string; readonly occasion: string; readonly news: number } | undefined;
  /** Messages that began to tell it and have not ended, and their tries: nobody knows what arrived. */
  readonly pending: ReadonlySet<string>;
}

/** What a message tells next. */
export interface Beginning {
  readonly names: ReadonlySet<string>;
  readonly value: string;
  readonly occasion: string;
  /** The try of the message. */
  readonly attempt: string;
  /** How many other values were told before. */
  readonly news: number;
}

/** Remembers which values of computed traits a destination was told of whom, by profile and trait. */
export interface TraitMemory {
  /** What is recorded under the ids of these profiles. */
  readonly recall: (profileIds: readonly ProfileId[], trait: string) => Promise<ReadonlyMap<ProfileId, ToldTrait>>;
  /** Records what is told before it is told; from then on, nobody relies on the value that was told before. */
  readonly begin: (profileId: ProfileId, trait: string, beginning: Beginning) => Promise<void>;
  /** Records that all names were told a value. */
  readonly confirm: (profileId: ProfileId, trait: string, value: string) => Promise<void>;
  /** Records that messages have told the truth, or that tries have ended. */
  readonly end: (profileIds: readonly ProfileId[], trait: string, pending: readonly string[]) => Promise<void>;
  /** Has nobody rely on names that are somebody else's now. That they were told stays known to whoever has them. */
  readonly forget: (profileId: ProfileId, trait: string, names: readonly string[]) => Promise<void>;
  /** Has nobody rely on values that were told of profiles, because the same names are told for another one. */
  readonly distrust: (profileIds: readonly ProfileId[], trait: string) => Promise<void>;
}
