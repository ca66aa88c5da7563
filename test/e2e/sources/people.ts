import { profileOf } from '../observed/profiles.ts';

/** A trait of whoever has an e-mail address, and how many events they are made of. */
export const person = async (email: string, trait = 'city'): Promise<[unknown, number]> => {
  const { traits, eventCount } = await profileOf(`email:${email}`);
  return [traits[trait], eventCount];
};
