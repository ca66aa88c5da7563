import {
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { asOwner } from './deployment.ts';
import type { DeployedFunction } from './functions.ts';

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
}

interface Policy {
  readonly Statement: readonly Statement[];
}

const iam = new IAMClient(asOwner);

/** Takes an action away from a role while something runs, and gives it back. @throws when the role had no such grant */
export async function withoutGrant<Result>(
  { roleName: RoleName }: Pick<DeployedFunction, 'roleName'>,
  action: string,
  run: () => Promise<Result>,
): Promise<Result> {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const policies = await Promise.all(
    PolicyNames.map((PolicyName) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))),
  );
  const granting = policies.filter(({ PolicyDocument }) => actionsOf(read(PolicyDocument)).includes(action));
  if (granting.length === 0) throw new Error(`no policy of ${RoleName} grants ${action}`);
  const put = (PolicyName: string | undefined, policy: Policy) =>
    iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: JSON.stringify(policy) }));
  for (const { PolicyName, PolicyDocument } of granting) await put(PolicyName, without(read(PolicyDocument), action));
  try {
    return await run();
  } finally {
    for (const { PolicyName, PolicyDocument } of granting) await put(PolicyName, read(PolicyDocument));
  }
}

/** Credentials of a function's role, which for that moment trusts the account's owner besides Lambda. */
export async function credentialsOf({ roleName: RoleName, roleArn: RoleArn }: DeployedFunction) {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  const trust = read(Role?.AssumeRolePolicyDocument);
  const update = (policy: Policy) =>
    iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: JSON.stringify(policy) }));
  const owner = {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { AWS: RoleArn.replace(/role\/.*$/, 'root') },
  } as const;
  await update({ ...trust, Statement: [...trust.Statement, owner] });
  try {
    const { Credentials } = await new STSClient(asOwner).send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }),
    );
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  } finally {
    await update(trust);
  }
}

/** IAM gives documents URL-encoded. */
const read = (document = ''): Policy => JSON.parse(decodeURIComponent(document)) as Policy;

const actionsOf = ({ Statement }: Policy): string[] => Statement.flatMap(({ Action }) => Action);

function without(policy: Policy, action: string): Policy {
  const reduced = policy.Statement.map((statement) => ({
    ...statement,
    Action: [statement.Action].flat().filter((one) => one !== action),
  }));
  return { ...policy, Statement: reduced.filter(({ Action }) => Action.length > 0) };
}
