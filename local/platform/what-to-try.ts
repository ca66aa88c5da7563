import { join } from 'node:path';
import { localDirectory } from '../../bin/deployment/local-directory.ts';
import type { PlatformOutputs } from './platform.ts';

/** Addresses and commands for a newcomer. */
export const whatToTry = ({
  ingestUrl,
  writeKey,
  profileUrl,
  profileToken,
  adminUrl,
  adminToken,
  deliveriesUrl,
  emulatorUrl,
  lakeBucket,
}: PlatformOutputs): string => `
The platform runs until you press Ctrl-C.

  events in      ${ingestUrl}
  profiles out   ${profileUrl}
  operators      ${adminUrl}
  webhook        ${deliveriesUrl}
  AWS endpoint   ${emulatorUrl}
  lake           s3://${lakeBucket}/raw/
  all of this    ${join(localDirectory, 'outputs.json')}

Send an event, and see a newsletter reader arrive at the webhook:

  curl ${ingestUrl}/v1/identify -u ${writeKey}: -H 'content-type: application/json' \\
    -d '{"userId":"you","traits":{"email":"you@example.com","newsletter":true}}'
  curl -s ${deliveriesUrl} | tail -c 600

Read the traits of the new profile:

  curl ${profileUrl}/v1/spaces/cdp/collections/users/profiles/email:you@example.com/traits -u ${profileToken}:

Ask which events made this profile:

  curl ${adminUrl}/v1/profiles/email:you@example.com/explain -u ${adminToken}:

List the objects of the lake (any AWS tool works, with test/test as credentials):

  AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1 \\
    aws --endpoint-url ${emulatorUrl} s3 ls --recursive s3://${lakeBucket}/
`;
