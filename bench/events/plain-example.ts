import { config as example } from '../../cdp.config.ts';
import { companies, recipes } from '../../cdp.recipes.ts';
import type { CdpConfigInput } from '../../lambdas/core/config/config.ts';

const left = [...recipes.segments, ...companies.segments];
const isRecipe = (key: string): boolean => left.some((recipe) => recipe.key === key);

/**
 * The example configuration without its recipes: segments over traits alone, and one webhook that is told of them and
 * of no events.
 */
export const plainExample: CdpConfigInput = {
  ...example,
  segments: example.segments?.filter(({ key }) => !isRecipe(key)),
  traits: [],
  destinations: example.destinations?.map((destination) => ({
    ...destination,
    segments: destination.segments?.filter((key) => !isRecipe(key)),
    events: undefined,
  })),
};
