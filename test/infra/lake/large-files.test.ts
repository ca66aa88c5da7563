import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, it } from 'vitest';
import { importPrefix } from '../../../lambdas/core/contract/storage.ts';
import { CdpStack } from '../../../lib/platform/cdp-stack.ts';
import { statements } from '../rules/access/permissions.ts';
import { at, ofType, target, targets } from '../rules/template.ts';
import { wholeTemplate } from '../rules/whole.ts';
import { scratchApp } from '../unbundled.ts';
import { noRecords, visits } from './records-config.ts';

it('the job that splits large files may read the version that was dropped, and cdk-nag finds nothing', () => {
  const app = scratchApp();
  const sources = [{ id: 'log', kind: 'files' as const, largeFiles: true, objects: [visits] }];
  new CdpStack(app, 'Cdp', { config: { ...noRecords, sources } });
  expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
  const template = wholeTemplate(app.synth().getStackByName('Cdp').templateFullPath);
  const job = ofType(template, 'Glue::Job').find(([id]) => id.includes('BatchFilesJob'));
  // 100 GB take 41 hours.
  expect(at(job?.[1], 'Properties.Timeout')).toBe(48 * 60);
  const role = target(at(job?.[1], 'Properties.Role')) ?? '';
  const versions = statements(template, 'IAM::Policy')
    .filter(({ id }) => targets(template.Resources[id]?.Properties?.Roles).includes(role))
    .filter(({ actions }) => actions.map(String).includes('s3:GetObjectVersion'));
  expect(versions).toHaveLength(1);
  expect(JSON.stringify(versions[0]?.resources)).toContain(`${importPrefix.files}*`);
});
