/**
 * What stands in a bundle of a destination in the place of `cross-fetch`, where the requests of the whole catalogue
 * end, those of clients that destinations make themselves included; and of a package that the way out does not use.
 */
export const wayOut: Readonly<Record<string, string>> = {
  'cross-fetch': 'lambdas/adapters/egress/guarded-fetch.ts',
  'whatwg-url': 'lambdas/adapters/egress/native-url.ts',
};
