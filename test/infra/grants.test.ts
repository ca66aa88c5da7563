import { describe, expect, it } from 'vitest';
import { pascalCase } from '../../lambdas/core/contract/outputs.ts';
import { allowedActions } from './allowed-actions.ts';
import { type Statement, statements } from './rules/access/permissions.ts';
import { at, ofType, type Template, target, targets } from './rules/template.ts';
import { shipped } from './shipped.ts';

/** `PlatformStitchingStitchRoleB461D928` → `Stitch`. */
const roleNamed = (template: Template, name: string): string => {
  const ids = ofType(template, 'IAM::Role').flatMap(([id]) =>
    id.replace(/Role[0-9A-F]{8}$/, '').endsWith(name) ? [id] : [],
  );
  expect(ids).toHaveLength(1);
  return ids[0] ?? '';
};

const appliesTo = (template: Template, roleId: string, { id, principal }: Statement): boolean =>
  id === roleId ||
  targets(principal).includes(roleId) ||
  targets(template.Resources[id]?.Properties?.Roles).includes(roleId);

/** `Kinesis::Stream`, or with the part of it that is meant: `S3::Bucket/raw/*`. */
function named(template: Template, resource: unknown, action: unknown, holder: string): string {
  const text = JSON.stringify(resource);
  const [, catalogued, table = ''] = text.match(/":(catalog|database\/|table\/)"(?:.*"(\/\w+)")?/) ?? [];
  if (/:glue:.*:job\//.test(text)) return 'Glue::Job';
  const [, ofDatabase] = text.match(/:secret:([^"]+)-\?{6}"/) ?? [];
  if (ofDatabase !== undefined) return `SecretsManager::Secret/${ofDatabase}`;
  if (text.includes(':glue:'))
    return `Glue::${pascalCase((catalogued ?? text.match(/:(catalog)"/)?.[1] ?? '').replace('/', ''))}${table}`;
  const [, asset] = text.match(/-assets-.*\/[0-9a-f]{64}((?:\.gluewheels)?\.\w+)"/) ?? [];
  if (asset !== undefined) return `asset ${asset}`;
  if (text.includes(':log-group:/')) return `Logs::LogGroup${text.match(/:log-group:([^"]+)"/)?.[1]}`;
  if (/^(cloudwatch:PutMetricData|lambda:(List|Update)EventSourceMappings?)$/.test(String(action))) return '*';
  const id = target(resource) ?? targets(resource).find((one) => template.Resources[one] !== undefined) ?? '';
  // In the policy of a queue or a key `*` is that queue or key.
  const itself = template.Resources[holder]?.Type === 'AWS::SQS::QueuePolicy' ? 'SQS::Queue' : 'KMS::Key';
  const type = template.Resources[id]?.Type.replace('AWS::', '') ?? itself;
  return `${type}${text.includes('"StreamArn"') ? '/stream' : (text.match(/,"(\/[^"]+)"/)?.[1] ?? '')}`;
}

function grantsOf(template: Template, roleId: string): string[] {
  const all = (['IAM::Policy', 'S3::BucketPolicy', 'SQS::QueuePolicy', 'KMS::Key'] as const).flatMap((type) =>
    statements(template, type),
  );
  const mine = all.filter((statement) => statement.effect === 'Allow' && appliesTo(template, roleId, statement));
  const words = mine.flatMap(({ id, actions, resources, condition }) => {
    const via = JSON.stringify(condition ?? '').match(/"([a-z0-9]+)\.",\{"Ref":"AWS::Region"/)?.[1];
    return resources.flatMap((resource) =>
      actions.map(
        (action) => `${action} on ${named(template, resource, action, id)}${via === undefined ? '' : ` via ${via}`}`,
      ),
    );
  });
  return [...new Set(words)].sort();
}

describe('grants', () => {
  it('are listed for every role', () =>
    expect(ofType(shipped(), 'IAM::Role')).toHaveLength(Object.keys(allowedActions).length));

  it.each(Object.entries(allowedActions))('%s may do this and nothing else', (name, grants) => {
    expect(grantsOf(shipped(), roleNamed(shipped(), name))).toEqual(grants);
  });

  it('would show one action more', () => {
    const widened = shipped();
    const { Properties } = widened.Resources[roleNamed(widened, 'Collect')] ?? {};
    (at(Properties, 'Policies.0.PolicyDocument.Statement.0.Action') as string[]).push('logs:DeleteLogStream');
    expect(grantsOf(widened, roleNamed(widened, 'Collect'))).not.toEqual(allowedActions.Collect);
  });
});
