import { type CdpConfigInput, parseConfig } from '../core/config/config.ts';
import { type WatchedSource, watchedSources } from '../core/config/watched-sources.ts';

/** What operators look at in each source of a configuration. */
export const watchedIn = (config: CdpConfigInput): readonly WatchedSource[] =>
  watchedSources(parseConfig(config).sources);
