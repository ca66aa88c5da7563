import type { AnalyticsBrowser } from '@segment/analytics-next';
import type { Call } from './shopper.ts';

/** What a page needs to make calls. */
interface PageTask {
  readonly writeKey: string;
  readonly cdnURL: string;
  /** Settings of the library's Segment.io plugin beyond those that the platform gives. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly calls: readonly Call[];
}

/** Runs in the page: makes the calls, as a shop's script would. */
export async function visitInPage({ writeKey, cdnURL, settings, calls }: PageTask): Promise<void> {
  const { AnalyticsNext } = globalThis as unknown as { AnalyticsNext: { AnalyticsBrowser: typeof AnalyticsBrowser } };
  const analytics = AnalyticsNext.AnalyticsBrowser.load(
    { writeKey, cdnURL },
    { integrations: { 'Segment.io': settings } },
  );
  const say = async (call: Call) => {
    const options = { timestamp: new Date(call.at) };
    switch (call.type) {
      case 'page':
        await analytics.setAnonymousId(call.anonymousId);
        return analytics.page(undefined, call.name, call.properties, options);
      case 'identify':
        return analytics.identify(call.userId, call.traits, options);
      case 'track':
        return analytics.track(call.event, call.properties, options);
      case 'screen':
        return analytics.screen(undefined, call.name, call.properties, options);
      case 'group':
        return analytics.group(call.groupId, call.traits, options);
      case 'alias':
        return analytics.alias(call.userId, call.previousId, options);
    }
  };
  await Promise.all(calls.map(say));
}
