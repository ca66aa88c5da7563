import * as z from 'zod';
import { Deadlines } from './deadlines.ts';

const domain = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** How privacy requests are answered. */
export const PrivacySettings = Deadlines.safeExtend({
  /**
   * The domain of yours that callbacks of privacy requests, and the admin API's answers to them, name as their sender:
   * the one by which your tool reaches the admin API, for example `privacy.example.com`. Without it, nobody can be
   * called back.
   */
  openDsrDomain: z
    .string()
    .regex(domain, { error: 'must be a domain in lower case, such as privacy.example.com' })
    .optional(),
});
export type PrivacySettings = z.infer<typeof PrivacySettings>;
