import { withConfiguration } from './other-configuration.ts';

/** Does some work while stitch has other identity rules. */
export const withIdentityRules = <T>(rules: object, work: () => Promise<T>): Promise<T> =>
  withConfiguration(
    (configuration) => ({ ...configuration, identity: { ...configuration.identity, ...rules } }),
    ['stitch'],
    work,
  );
