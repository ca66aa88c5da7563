import { Aws, Fn } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';

/** Part of the stack's id that no other stack has, not even the next one of the same name. What may outlive its stack is named with it, so that a second deployment never meets it. */
export const stackPart = (): string => Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));

/** Part of the key's id, for what is taken up with the key: no other deployment has it, and the stack that goes on with the data has it again. */
export const keyPart = ({ keyId }: IKey): string => Fn.select(0, Fn.split('-', keyId));
