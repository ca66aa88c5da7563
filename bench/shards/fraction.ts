import type { Random } from '../../local/demo/shop/random.ts';

const resolution = 2 ** 32;

/** A number from 0 to below 1, chosen by chance. */
export const fractionOf = (random: Random): number => random.below(resolution) / resolution;
