import { eventBarriers } from '../../adapters/barriers/event-barriers.ts';
import { type CdpConfigInput, parseConfig } from '../../core/config/config.ts';
import type { EventBarriers } from '../../core/privacy/event-barriers.ts';

/** What judges events by the list of barriers, under a configuration as it is written. */
export const barriersUnder = (config: CdpConfigInput, deps: Parameters<typeof eventBarriers>[1]): EventBarriers =>
  eventBarriers(parseConfig(config), deps);
