import { URL as NativeUrl } from 'node:url';

/** What `node-fetch` would load a quarter of a megabyte for, and not use. */
export const URL = NativeUrl;
