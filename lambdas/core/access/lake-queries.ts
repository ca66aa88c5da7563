/** Ids in one query, whose text is limited. */
const most = 500;

/** Asks how far the lake knows whose events are. */
export const knownUntilQuery = 'SELECT max(received_at) FROM event_profiles';

/** What is read of an event, in this order. */
export const eventColumns = [
  'message_id',
  'type',
  'event',
  'name',
  'user_id',
  'anonymous_id',
  'previous_id',
  'group_id',
  'source_id',
  'timestamp',
  'received_at',
  'properties',
  'traits',
  'context',
  'browser',
  'os',
  'device',
  'device_kind',
  'referrer_kind',
  'click_id',
  'ip_country',
] as const;

/** Queries for all events of profiles, the newest first. They name nobody: Athena keeps their texts. */
export const eventQueries = (profileIds: readonly string[]): string[] =>
  Array.from({ length: Math.ceil(profileIds.length / most) }, (_, n) => {
    const ids = profileIds.slice(n * most, (n + 1) * most).map((id) => `'${id.replaceAll("'", "''")}'`);
    return [
      `SELECT ${eventColumns.map((column) => `e.${column}`).join(', ')}`,
      'FROM events e JOIN event_profiles p ON p.event_id = e.event_id',
      `WHERE p.collection = 'users' AND p.profile_id IN (${ids.join(', ')})`,
      'ORDER BY e.timestamp DESC, e.event_id',
    ].join('\n');
  });

/** Asks for all refused lines: which of them name the person is read here, so that the query names nobody. */
export const refusedQuery =
  'SELECT arrived_at, source_id, field, reason, line FROM rejected_events ORDER BY arrived_at DESC';
