import { resendNews } from '../../core/operations/resend-news.ts';
import type { About } from '../../core/privacy/request.ts';
import { planChanged } from '../../core/stitching/wake.ts';
import type { ErasureDeps } from './erasure.ts';
import { writeProfile } from './suppressed-profile.ts';

/**
 * Has destinations told again about those who have identifiers of erased people by now: the last exit of whoever was
 * erased went to the same name, and may have come after the entry of who got it.
 */
export async function tellHeirs({ keys }: Pick<About, 'keys'>, deps: ErasureDeps): Promise<void> {
  const { owners, config, now } = deps;
  if (config.destinations.length === 0) return;
  const wish = {
    segments: new Set(config.destinations.flatMap(({ segments }) => segments)),
    traits: new Set(config.destinations.flatMap(({ traits }) => traits)),
  };
  const heirs = new Set([...(await owners(keys)).values()].map(({ profileId }) => profileId));
  for (const heir of heirs)
    await writeProfile(
      heir,
      (stored) => (rules) => {
        const news = resendNews(stored.profile, wish, rules, Date.parse(now()));
        const again = news.map(({ profileId: _, ...change }) => change);
        return again.length === 0 ? undefined : { ...planChanged(stored, stored.profile, rules, now()), again };
      },
      deps,
    );
}
