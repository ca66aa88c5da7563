import * as z from 'zod';

const withoutPassword = (url: string): boolean => {
  const { username, password } = new URL(url);
  return username === '' && password === '';
};

/** How the functions of destinations reach the internet. */
export const Egress = z.strictObject({
  /**
   * URL of a proxy that all requests to destinations pass by CONNECT. Clients that cannot use it are refused. By
   * default, connections are direct.
   */
  proxy: z
    .url({ protocol: /^https?$/ })
    .refine(withoutPassword, { error: 'must contain no user and no password: the configuration is no secret' })
    .optional(),
  /** Certificates in PEM form that are trusted besides the public authorities, e.g. the proxy's own. */
  ca: z.string().includes('-----BEGIN CERTIFICATE-----', { error: 'must be a certificate in PEM form' }).optional(),
});
export type Egress = z.infer<typeof Egress>;
