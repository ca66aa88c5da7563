import {
  type AthenaClient,
  BatchGetNamedQueryCommand,
  type NamedQuery,
  paginateListNamedQueries,
} from '@aws-sdk/client-athena';

/** The saved queries of a workgroup, by name. */
export async function savedQueries(client: AthenaClient, WorkGroup: string): Promise<readonly NamedQuery[]> {
  const found: NamedQuery[] = [];
  for await (const { NamedQueryIds = [] } of paginateListNamedQueries({ client, pageSize: 50 }, { WorkGroup })) {
    if (NamedQueryIds.length === 0) continue;
    const { NamedQueries = [] } = await client.send(new BatchGetNamedQueryCommand({ NamedQueryIds }));
    found.push(...NamedQueries);
  }
  return found.sort((one, other) => (one.Name ?? '').localeCompare(other.Name ?? ''));
}

/**
 * The text of a saved query.
 * @throws Error that names the saved queries
 */
export async function savedQuery(client: AthenaClient, workGroup: string, name: string): Promise<string> {
  const saved = await savedQueries(client, workGroup);
  const sql = saved.find(({ Name }) => Name === name)?.QueryString;
  if (sql !== undefined) return sql;
  throw new Error(
    `no query "${name}" is saved in ${workGroup}; saved are: ${saved.map(({ Name }) => Name).join(', ') || 'none'}`,
  );
}
