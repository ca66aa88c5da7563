import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * A function role that contains its grants instead of a separate policy. This saves one resource for each function,
 * because a CloudFormation operation may change at most 2,500, and the function needs no dependency on a policy.
 */
export function roleWithGrants(scope: Construct, id: string): Role {
  const Grants = new PolicyDocument();
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: { Grants },
  });
  role.addToPrincipalPolicy = (statement) => {
    Grants.addStatements(statement);
    return { statementAdded: true, policyDependable: role };
  };
  return role;
}
