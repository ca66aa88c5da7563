import { transform } from '@segment/actions-core/mapping-kit';
import { callsBy } from './calls-by.ts';

/** Makes the calls of one event of a vendor, in a bundle of a function. */
export const callsOf = callsBy(transform);
