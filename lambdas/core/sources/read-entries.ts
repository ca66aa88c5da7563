import { isMeant } from './event-pattern.ts';
import type { Entry, Posted, PresetMapping, Vendor } from './vendors/entry.ts';
import { github } from './vendors/github.ts';
import { hubspot } from './vendors/hubspot.ts';
import { meta } from './vendors/meta.ts';
import type { PresetName } from './vendors/preset-names.ts';
import { sendgrid } from './vendors/sendgrid.ts';
import { shopify } from './vendors/shopify.ts';
import { readAt, standard } from './vendors/standard.ts';
import { stripe } from './vendors/stripe.ts';
import { twilio } from './vendors/twilio.ts';
import type { WebhookSource } from './webhook.ts';

const vendors: ReadonlyMap<string, Vendor> = new Map(
  Object.entries({ stripe, shopify, hubspot, github, meta, sendgrid, twilio, standard } satisfies Record<
    PresetName,
    Vendor
  >),
);

/** The vendor whose form a source's bodies have; undefined for a declared signature without a preset. */
function vendorOf({ signature: { scheme }, preset }: WebhookSource): Vendor | undefined {
  if (preset !== undefined && preset !== 'none') return vendors.get(preset);
  return vendors.get(scheme === 'svix' ? 'standard' : scheme);
}

/** Finds the events in what a vendor posted. */
export function readEntries(source: WebhookSource, posted: Posted): Entry[] {
  const vendor = vendorOf(source);
  const entries =
    source.places === undefined && vendor !== undefined
      ? vendor.read(posted)
      : readAt(posted, source.places ?? { type: 'type' });
  // A body without the list that it should have stays whole.
  return entries.map((entry) => (entry.body === undefined ? { ...entry, body: posted.body } : entry));
}

/** Whether an event is not wanted: the source ignores it, or drops events of tests. */
export const isUnwanted = ({ ignore, testEvents }: WebhookSource, { type, isTest = false }: Entry): boolean =>
  (isTest && testEvents === 'drop') || isMeant(ignore, type);

/** The mappings that an event meets: those of the source's own, or else those of its preset. */
export function mappingsOf(source: WebhookSource, { type }: Entry): readonly PresetMapping[] {
  const own = source.mappings.filter(({ on }) => isMeant(on, type));
  if (own.length > 0 || source.preset === 'none') return own;
  return (vendorOf(source)?.mappings ?? []).filter(({ on }) => isMeant(on, type));
}
