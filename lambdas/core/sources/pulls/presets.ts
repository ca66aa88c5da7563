import { hubspot } from './hubspot.ts';
import { klaviyo } from './klaviyo.ts';
import { mailchimp } from './mailchimp.ts';
import { metaLeads } from './meta.ts';
import { pipedrive } from './pipedrive.ts';
import type { PullPreset } from './preset.ts';
import { salesforce } from './salesforce.ts';
import { shopify } from './shopify.ts';
import { stripe } from './stripe.ts';
import { zendesk } from './zendesk.ts';

/** The vendors whose APIs need no declaration. */
export const pullPresets = {
  hubspot,
  salesforce,
  shopify,
  stripe,
  zendesk,
  pipedrive,
  klaviyo,
  mailchimp,
  'meta-leads': metaLeads,
} satisfies Record<string, PullPreset>;

/** Names of the vendors. */
export const pullPresetNames = Object.keys(pullPresets) as (keyof typeof pullPresets)[];

/** The preset of a name. */
export const pullPreset = (name: keyof typeof pullPresets): PullPreset => pullPresets[name];
