import * as z from 'zod';
import { mostHoursOfTries } from './next-try.ts';

/** How fast a destination is told, and for how long it is tried again. */
export const DeliveryRules = z.strictObject({
  /**
   * Deliveries a second that the tool takes. More wait in the queue. By default, the executions of the function are the
   * only limit.
   */
  deliveriesPerSecond: z.number().min(0.1).max(10_000).optional(),
  /** Hours for which a delivery that fails is tried again, 1 to 288. Then it is a dead letter. By default, 4. */
  retryHours: z.number().min(1).max(mostHoursOfTries).optional(),
});
export type DeliveryRules = z.infer<typeof DeliveryRules>;
