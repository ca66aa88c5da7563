import {
  type AthenaClient,
  BatchGetNamedQueryCommand,
  type NamedQuery,
  paginateListNamedQueries,
} from '@aws-sdk/client-athena';

/** The queries that are saved in a workgroup, by name. */
export async function savedQueries(client: AthenaClient, WorkGroup: string): Promise<readonly NamedQuery[]> {
  const found: NamedQuery[] = [];
  for await (const { NamedQueryIds = [] } of paginateListNamedQueries({ client, pageSize: 50 }, { WorkGroup })) {
    if (NamedQueryIds.length === 0) continue;
    const { NamedQueries = [] } = await client.send(new BatchGetNamedQueryCommand({ NamedQueryIds }));
    found.push(...NamedQueries);
  }
  return found.sort((one, other) => (one.Name ?? '').localeCompare(other.Name ?? ''));
}

/** The text of one of them. @throws Error that names those there are */
export async function savedQuery(client: AthenaClient, workGroup: string, name: string): Promise<string> {
  const saved = await savedQueries(client, workGroup);
  const sql = saved.find(({ Name }) => Name === name)?.QueryString;
  if (sql !== undefined) return sql;
  throw new Error(
    `no query "${name}" is saved in ${workGroup}; there are: ${saved.map(({ Name }) => Name).join(', ') || 'none'}`,
  );
}
