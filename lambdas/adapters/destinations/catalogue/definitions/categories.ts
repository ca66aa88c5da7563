/** What tools of the catalogue are for: their names by category. */
const toolsByCategory: Readonly<Record<string, string>> = {
  'Advertising and audiences': `
    adjust amazon-amc amazon-conversions-api amplitude-cohorts attribution braze-cohorts criteo-audiences
    delivrai-activate display-video-360 dotdigital-audiences dynamic-yield-audiences eagleeye-audiences epsilon
    facebook-conversions-api facebook-custom-audiences first-party-dv360 google-campaign-manager-360
    google-enhanced-conversions insider-audiences iterable-audiences iterable-lists kevel kevel-audience
    launchdarkly-audiences linkedin-audiences linkedin-conversions magellan-ai marketo-static-lists moloco-rmp
    ms-bing-ads-audiences ms-bing-capi nextdoor-capi ortto-audiences pendo-audiences pinterest-conversions podscribe
    reddit-audiences reddit-conversions-api revend revx rokt-audiences rokt-capi sendgrid-audiences snap-audiences
    snap-conversions-api spiffy stackadapt stackadapt-audiences taboola-actions tiktok-app-events tiktok-audiences
    tiktok-conversions tiktok-offline-conversions topsort trackey vibe-audience yahoo-audiences youappi-audiences`,
  Analytics: `
    accoil-analytics aggregations-io amplitude app-fit avo avo-v2 calliper contentstack equals fullstory
    gainsight-px-cloud-action google-analytics-4 heap hyperengage june klime mixpanel moengage playerzero-cloud
    posthog sprig trubrics usermaven usermotion userpilot survicate angler-ai`,
  'Messages and engagement': `
    acoustic acoustic-s3tc actions-pardot airship aampe appcues attentive batch braze canvas clevertap cordial courier
    customerio dawn dotdigital drip emarsys encharge gwen inleads-ai insider iterable klaviyo launchpad listrak
    livelike-cloud loops movable-ink nudge ortto outfunnel postscript pushwoosh responsys salesforce-marketing-cloud
    saleswings sendgrid slack taguchi twilio twilio-messaging twilio-messaging-omnichannel voyage xtremepush yonoma
    jimo-cloud`,
  'Customers, sales and support': `
    1plusx 1plusx-asset-api ambee apolloio attio blackbaud-raisers-edge-nxt blend-ai canny-functions chartmogul clay
    close collab-travel-crm devrev gleap hubspot intercom koala memora pipedrive prodeology qualified qualtrics ripe
    roadwayai salesforce schematic surveysparrow toplyne voiceops altertable lark`,
  'Experiments and personal content': `
    absmartly actable-predictive adobe-target algolia-insights kameleoon launchdarkly
    optimizely-advanced-audience-targeting optimizely-data-platform optimizely-feature-experimentation-actions
    optimizely-web recombee vwo`,
  'Trade, loyalty and billing': `
    antavo dub friendbuy gameball hilo ironclad m3ter mantle metronome talon-one voucherify yotpo iqm`,
  'Data and webhooks': `
    google-sheets kafka rehook sftp singlestore webhook webhook-audiences webhook-extensible zapier`,
};

const categories = new Map(
  Object.entries(toolsByCategory).map(([category, tools]) => [category, tools.trim().split(/\s+/)] as const),
);

/** Names of all categories, in the order for a reader. */
export const categoryNames = (): readonly string[] => [...categories.keys()];

/** The category of a tool; undefined if it has none. */
export const categoryOf = (tool: string): string | undefined =>
  [...categories].find(([, tools]) => tools.includes(tool))?.[0];

/** All tools that have a category, once for each. */
export const categorizedTools = (): readonly string[] => [...categories.values()].flat();
