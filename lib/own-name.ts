import { Aws, Fn } from 'aws-cdk-lib';

/** Part of the stack's id that no other stack has, not even the next one of the same name. What may outlive its stack is named with it, so that a second deployment never meets it. */
export const stackPart = (): string => Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));
