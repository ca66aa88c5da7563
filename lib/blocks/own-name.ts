import { Aws, Fn } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';

/**
 * Part of the stack's id that is unique even among stacks of the same name. Resources that may outlive the stack carry
 * it, so a second deployment never collides with them.
 */
export const stackPart = (): string => Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));

/**
 * Part of the key's id, for names of resources that another stack can take up together with the key: only this key's
 * stacks have it.
 */
export const keyPart = ({ keyId }: IKey): string => Fn.select(0, Fn.split('-', keyId));
