import { unique } from '../platform/deployment.ts';
import { newMarkers } from './calls.ts';

/** When the story began: nobody said a marker before. */
export const began = Date.now();
/** What the person says who will be erased. */
export const markers = newMarkers();
const own = (name: string): string => unique(`scan-${name}`);
/** A friend on her tablet, somebody else, and whom a clerk takes for her. */
export const [mate, eve, sam] = [own('mate'), own('eve'), own('sam')];
/** What others use, too. */
export const shared = { tablet: own('tablet'), firm: own('firm') };
/** By what Sam is found. */
export const samsMail = `${sam}@example.com`;
export const samsEmail = `email:${samsMail}`;
