import type * as actionsCore from '@segment/actions-core';

/** The library that runs definitions. */
export declare const core: typeof actionsCore;
