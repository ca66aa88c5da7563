import { Metrics } from '@aws-lambda-powertools/metrics';
import { metricNamespace } from '../../core/contract/metrics.ts';
import { required } from '../runtime/environment.ts';

/** What a function counts as CloudWatch embedded metrics, parted from the same function of another deployment by its name, which Lambda tells it. */
export const functionMetrics = (serviceName: string): Metrics =>
  new Metrics({
    namespace: metricNamespace,
    serviceName,
    defaultDimensions: { function: required('AWS_LAMBDA_FUNCTION_NAME') },
  });
