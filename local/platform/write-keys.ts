/** Write keys of the demo's sources. `cdp.config.ts` contains only a hash of the server's key. */
export const writeKeys = { writeKey: 'shop-backend-write-key', browserWriteKey: 'storefront-write-key' } as const;
