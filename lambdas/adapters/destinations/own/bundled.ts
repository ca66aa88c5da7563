import { destination } from '#own-destination';
import type { OwnDestination } from './define-destination.ts';

/** The team's own destination in the bundle of this function, which bundling puts in the place of `none.ts`. */
export const bundledOwn: OwnDestination = destination;
