import * as z from 'zod';

/** The statuses of OpenDSR that a request reaches. */
export const statuses = ['pending', 'in_progress', 'completed', 'cancelled'] as const;
export type Status = (typeof statuses)[number];

/** An address that is called with each status that a request reaches, as the request has it. */
export const Callback = z.object({
  /** As it was filed. Once nothing is left to tell, its origin alone, because the rest may be a secret. */
  url: z.string().min(1),
  /** How many of the statuses that were reached it needs not be told any more. */
  told: z.int().nonnegative(),
  /** Since when the next status cannot be told. */
  failingSince: z.iso.datetime().optional(),
  /** Why not, as a short code. */
  reason: z.string().optional(),
  /** Statuses that it was not told, because all tries failed, and why the last one did. */
  gaveUp: z.array(z.object({ status: z.enum(statuses), reason: z.string() })).optional(),
});
export type Callback = z.infer<typeof Callback>;

/** Addresses of one request, and characters of one of them, at most: a request stays a small item. */
const mostAddresses = 10;
const longestAddress = 2_048;

/** Characters that an address can have on the wire. */
const printable = /^[\x21-\x7e]+$/;

function flawOf(address: string): string | undefined {
  if (address.length > longestAddress) return `must have at most ${longestAddress} characters`;
  if (!printable.test(address) || !URL.canParse(address))
    return 'must be an address without spaces, such as https://example.com/callbacks';
  const { protocol, username, password, hash } = new URL(address);
  if (protocol !== 'https:') return 'must begin with https:';
  if (username !== '' || password !== '') return 'must have no user and no password; a secret may be in its path';
  return hash === '' ? undefined : 'must have no fragment, which nobody sends';
}

/** Addresses to call back, as somebody files them. What is wrong quotes nothing, because they may hold secrets. */
export const CallbackAddresses = z
  .array(
    z.string({ error: 'must be a text' }).superRefine((address, check) => {
      const message = flawOf(address);
      if (message !== undefined) check.addIssue({ code: 'custom', message });
    }),
    { error: 'must be a list of addresses' },
  )
  .max(mostAddresses, { error: `must be ${mostAddresses} addresses at most` });
