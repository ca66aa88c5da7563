import type { identityTable } from '../adapters/dynamodb/identity-table.ts';
import { readAddress } from '../core/apis/profile-address.ts';
import { type CdpConfigInput, parseConfig } from '../core/config/config.ts';
import { explainSegment, type SegmentExplanation } from '../core/operations/explain-segment.ts';
import { type ListedDefinitions, listSegments } from '../core/operations/list-segments.ts';
import { OperatorRefused } from '../core/operations/operator-refused.ts';
import type { AggregateRegistry } from '../core/segments/history/registry.ts';
import { collectionFor } from '../core/segments/language/definitions.ts';

/** What operators ask about segments. */
export function segmentOperator(configInput: CdpConfigInput) {
  const config = parseConfig(configInput);

  return {
    list: (): ListedDefinitions => listSegments(config),
    /**
     * Explains why the person, or the account, that a text names is in a segment or not, at `now` in milliseconds.
     * @throws OperatorRefused when there is no such profile or segment
     */
    async explain(
      table: Pick<ReturnType<typeof identityTable>, 'readLive' | 'readAccounts'> & {
        readonly registry: () => Promise<AggregateRegistry | undefined>;
      },
      key: string,
      text: string,
      now: number,
    ): Promise<SegmentExplanation> {
      const segment = config.segments.find((each) => each.key === key);
      if (segment === undefined) throw new OperatorRefused('not_found', 'there is no such segment');
      const read = readAddress(text);
      if (!read.ok) throw new OperatorRefused('invalid', read.problem);
      const profile = (await table.readLive(read.address))?.profile;
      if (profile === undefined) throw new OperatorRefused('not_found', 'there is no such profile');
      if (profile.collection !== collectionFor(segment))
        throw new OperatorRefused('refused', `this segment is about ${segment.of ?? 'people'}`);
      const accountOf = await table.readAccounts([profile], config);
      return explainSegment(profile, { ...config, registry: await table.registry(), accountOf }, segment, now);
    },
  };
}
