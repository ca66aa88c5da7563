import { Metrics } from '@aws-lambda-powertools/metrics';
import { metricNamespace } from '../../core/contract/metrics.ts';
import { required } from '../runtime/environment.ts';

/** Embedded metrics of a function; the function's name, which Lambda supplies, separates deployments. */
export const functionMetrics = (serviceName: string): Metrics =>
  new Metrics({
    namespace: metricNamespace,
    serviceName,
    defaultDimensions: { function: required('AWS_LAMBDA_FUNCTION_NAME') },
  });
