import type { Service } from '../../core/service.ts';
import { deleteAlarms, describeAlarms, putMetricAlarm, setAlarmState } from './alarms.ts';
import { getMetricData, listMetrics } from './get-metric-data.ts';
import { putMetricData } from './put-metric-data.ts';

export const cloudwatch: Service = {
  name: 'cloudwatch',
  signingName: 'monitoring',
  iamPrefix: 'cloudwatch',
  eventSource: 'monitoring.amazonaws.com',
  load: () => import('@aws-sdk/client-cloudwatch'),
  operations: {
    DeleteAlarms: deleteAlarms,
    DescribeAlarms: describeAlarms,
    GetMetricData: getMetricData,
    ListMetrics: listMetrics,
    PutMetricAlarm: putMetricAlarm,
    PutMetricData: putMetricData,
    SetAlarmState: setAlarmState,
  },
};
