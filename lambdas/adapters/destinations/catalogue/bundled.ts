/**
 * Loads the definition in the bundle of this function. Bundling puts the definition of the configured tool in the place
 * of this one, so a bundle contains exactly one.
 */
export const bundledDefinition = (): Promise<unknown> =>
  import('@segment/action-destinations/dist/destinations/webhook/index.js');
