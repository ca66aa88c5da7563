/** Keys of the demo's sources; `cdp.config.ts` holds only a hash of the server's. */
export const writeKeys = { writeKey: 'shop-backend-write-key', browserWriteKey: 'storefront-write-key' } as const;
