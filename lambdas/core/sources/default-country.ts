import * as z from 'zod';

/** Country of phone numbers without a country code, ISO 3166 alpha-2. */
export const DefaultCountry = z
  .string()
  .regex(/^[A-Z]{2}$/)
  .optional();
