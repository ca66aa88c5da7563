import { stopsNothing } from '../../core/privacy/event-barriers.ts';

/** How somebody asks who has nothing to ask about: at once, and nothing is stopped. */
export const askedBarriers = () => ({ barriers: async () => stopsNothing, countSuppressed: () => {} });
export const askedByKeys = askedBarriers;
