import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { GetTablesCommand, GlueClient } from '@aws-sdk/client-glue';
import { expect, inject, it } from 'vitest';
import { clientSettings } from '../../../local/platform/aws.ts';

it('a deployment has made every table', async () => {
  const { emulatorUrl, database } = inject('platform');
  const { TableList = [] } = await new GlueClient(clientSettings(emulatorUrl)).send(
    new GetTablesCommand({ DatabaseName: database }),
  );
  const iceberg = TableList.filter(({ Parameters }) => Parameters?.table_type === 'ICEBERG').map(({ Name }) => Name);
  expect(iceberg.sort()).toEqual(
    globSync('glue-scripts/cdp/tables/declared/*.json')
      .map((file) => basename(file, '.json'))
      .sort(),
  );
});
