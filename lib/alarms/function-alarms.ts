import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct, type IConstruct } from 'constructs';
import type { HandlerFunction } from '../blocks/handler-function.ts';
import { raise } from './alarm.ts';
import { givenUp, period } from './metrics.ts';

/** The functions, mappings and APIs that the alarms watch. */
export interface FunctionAlarmsProps {
  readonly topic: ITopic;
  readonly functions: readonly HandlerFunction[];
  /** Stream mappings, which put failed batches aside, and their functions. */
  readonly mappings: ReadonlyMap<EventSourceMapping, HandlerFunction>;
  readonly apis: readonly HttpApi[];
}

/**
 * Rings when a function fails or is throttled, when its records are given up or lost, and when an API answers with 5xx.
 */
export class FunctionAlarms extends Construct {
  readonly all: readonly Alarm[];
  private readonly topic: ITopic;
  private readonly platform: string;

  constructor(scope: Construct, id: string, { topic, functions, mappings, apis }: FunctionAlarmsProps) {
    super(scope, id);
    this.topic = topic;
    this.platform = this.node.scopes.at(-3)?.node.path ?? '';
    this.all = [
      ...functions.flatMap((fn) => this.functionAlarms(fn)),
      ...[...mappings].flatMap(([mapping, fn]) => this.mappingAlarms(mapping, fn)),
      ...apis.map((api) => this.apiAlarm(api)),
    ];
  }

  private functionAlarms(fn: HandlerFunction): Alarm[] {
    const name = nameOf(fn, this.platform);
    const failing = { metric: fn.metricErrors({ period }), text: `The function ${name} fails`, runbook: 'failing' };
    const throttled = {
      metric: fn.metricThrottles({ period }),
      text: `Lambda throttled the function ${name}: too many functions ran at once`,
      runbook: 'throttled',
    };
    return [raise(this, this.topic, `${name}Failing`, failing), raise(this, this.topic, `${name}Throttled`, throttled)];
  }

  private mappingAlarms(mapping: EventSourceMapping, fn: HandlerFunction): Alarm[] {
    const name = nameOf(mapping, this.platform);
    const aside = {
      metric: givenUp(mapping),
      text: `${name} gave up on records. They are in the bucket of failed batches; redrive them`,
      runbook: 'givenup',
    };
    const lost = {
      metric: fn.metric('DestinationDeliveryFailures', { period, statistic: 'sum' }),
      text: `${name} gave up on records, and Lambda could not store them in the bucket of failed batches`,
      runbook: 'batchlost',
    };
    return [raise(this, this.topic, `${name}GivenUp`, aside), raise(this, this.topic, `${name}Lost`, lost)];
  }

  private apiAlarm(api: HttpApi): Alarm {
    const name = nameOf(api, this.platform);
    return raise(this, this.topic, `${name}Failing`, {
      metric: api.metricServerError({ period, statistic: 'sum' }),
      periods: 2,
      text: `The API ${name} has answered with 5xx for ten minutes`,
      runbook: 'apifailing',
    });
  }
}

/** A construct's path in the platform as one word, e.g. `StitchingStitch`. */
const nameOf = ({ node }: IConstruct, platform: string): string =>
  node.path.slice(platform.length + 1).replaceAll('/', '');
