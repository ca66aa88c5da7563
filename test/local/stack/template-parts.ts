import { askingFunction } from './oracle.ts';

const lambdaLogs = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

/** A role that a service may take on, allowed the given actions on everything. */
export const role = (service: string, actions: readonly string[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: `${service}.amazonaws.com` }, Action: 'sts:AssumeRole' }],
    },
    ManagedPolicyArns: service === 'lambda' ? [lambdaLogs] : [],
    ...(actions.length > 0 && {
      Policies: [
        {
          PolicyName: 'Allowed',
          PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] },
        },
      ],
    }),
  },
});

/** A function that asks the oracle what to answer. */
export const oracleFunction = (oracleUrl: string, name: string, roleId: string, timeout = 10) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Code: { ZipFile: askingFunction },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: getAtt(roleId, 'Arn'),
    Timeout: timeout,
    Environment: { Variables: { ORACLE: `${oracleUrl}/${name}` } },
  },
});

/** A bucket that takes nothing but TLS, as the platform's do. */
export const tlsOnlyBucket = (id: string) => ({
  [id]: { Type: 'AWS::S3::Bucket' },
  [`${id}Policy`]: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: { Ref: id },
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: [getAtt(id, 'Arn'), { 'Fn::Sub': `\${${id}.Arn}/*` }],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    },
  },
});

export const getAtt = (id: string, attribute: string) => ({ 'Fn::GetAtt': [id, attribute] });

/** An output for each id, holding its reference. */
export const referenceOutputs = (...ids: readonly string[]) =>
  Object.fromEntries(ids.map((id) => [id, { Value: { Ref: id } }]));
