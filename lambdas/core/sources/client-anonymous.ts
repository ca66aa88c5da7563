import * as z from 'zod';

/**
 * Whether nothing is kept that names the network address or the agent of a person's device: neither what the platform
 * adds nor what was sent.
 */
export const ClientAnonymous = z.boolean().optional();
