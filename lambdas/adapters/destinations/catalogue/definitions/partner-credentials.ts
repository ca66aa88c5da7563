/** Credentials of the partner that integrates a tool: its definition reads them from the environment. */
const credentials: ReadonlyMap<string, readonly string[]> = new Map([
  ['amazon-amc', ['ACTIONS_AMAZON_AMC_CLIENT_ID', 'ACTIONS_AMAZON_AMC_CLIENT_SECRET']],
  [
    'amazon-conversions-api',
    ['ACTIONS_AMAZON_CONVERSIONS_API_CLIENT_ID', 'ACTIONS_AMAZON_CONVERSIONS_API_CLIENT_SECRET'],
  ],
  [
    'apolloio',
    ['ACTIONS_APOLLOIO_AUTH_URL_SECRET', 'ACTIONS_APOLLOIO_BASE_URL_SECRET', 'ACTIONS_APOLLOIO_HEADER_SECRET'],
  ],
  ['braze-cohorts', ['BRAZE_COHORTS_PARTNER_API_KEY_EU', 'BRAZE_COHORTS_PARTNER_API_KEY_US']],
  [
    'display-video-360',
    [
      'ACTIONS_DISPLAY_VIDEO_360_CLIENT_ID',
      'ACTIONS_DISPLAY_VIDEO_360_CLIENT_SECRET',
      'ACTIONS_DISPLAY_VIDEO_360_REFRESH_TOKEN',
    ],
  ],
  ['dotdigital-audiences', ['DOTDIGITAL_AUDIENCES_PARTNER_SECRET']],
  [
    'dynamic-yield-audiences',
    [
      'ACTIONS_DYNAMIC_YIELD_AUDIENCES_DEV_CLIENT_SECRET',
      'ACTIONS_DYNAMIC_YIELD_AUDIENCES_EU_CLIENT_SECRET',
      'ACTIONS_DYNAMIC_YIELD_AUDIENCES_US_CLIENT_SECRET',
    ],
  ],
  ['facebook-conversions-api', ['ACTIONS_FB_CAPI_SYSTEM_USER_TOKEN']],
  ['first-party-dv360', ['ACTIONS_FIRST_PARTY_DV360_CLIENT_ID', 'ACTIONS_FIRST_PARTY_DV360_CLIENT_SECRET']],
  [
    'google-enhanced-conversions',
    ['ADWORDS_DEVELOPER_TOKEN', 'GOOGLE_ENHANCED_CONVERSIONS_CLIENT_ID', 'GOOGLE_ENHANCED_CONVERSIONS_CLIENT_SECRET'],
  ],
  ['linkedin-conversions', ['ACTIONS_LINKEDIN_CONVERSIONS_CLIENT_ID', 'ACTIONS_LINKEDIN_CONVERSIONS_CLIENT_SECRET']],
  ['ms-bing-ads-audiences', ['ACTIONS_MS_BING_ADS_AUDIENCES_DEVELOPER_TOKEN']],
  ['salesforce', ['SALESFORCE_CLIENT_ID', 'SALESFORCE_CLIENT_SECRET']],
  ['yahoo-audiences', ['ACTIONS_YAHOO_AUDIENCES_TAXONOMY_CLIENT_ID', 'ACTIONS_YAHOO_AUDIENCES_TAXONOMY_CLIENT_SECRET']],
]);

/** Variables of alternatives: one of each of these is enough, or none if another way to log in is used. */
const choices: ReadonlySet<string> = new Set(['braze-cohorts', 'dynamic-yield-audiences', 'salesforce']);

/** Names of the environment variables in which a tool expects the credentials of its partner. */
export const partnerCredentials = (tool: string): readonly string[] => credentials.get(tool) ?? [];

/** Whether a tool needs all of its partner's credentials, and not only those of a region or of a way to log in. */
export const needsAllCredentials = (tool: string): boolean => !choices.has(tool);

/** What definitions read from the environment, and what is the same for everybody. */
export const fixedEnvironment: Readonly<Record<string, string>> = { ACTIONS_MEMORA_ENV: 'production' };
