/** Vendors whose events have ready mappings. */
export const presetNames = [
  'stripe',
  'shopify',
  'hubspot',
  'github',
  'meta',
  'sendgrid',
  'twilio',
  'standard',
] as const;
export type PresetName = (typeof presetNames)[number];
