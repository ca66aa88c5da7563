import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * The role of a function, which holds what is granted to it instead of having a policy beside it. That is one resource less for each
 * function, where one operation of CloudFormation may change 2,500, and the function needs no word on what must be there before it.
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
