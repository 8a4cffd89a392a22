import type { Service } from '../../core/service.ts';
import { describeAlarmHistory } from './alarm-history.ts';
import { deleteAlarms, describeAlarms, setAlarmState } from './alarms.ts';
import { putCompositeAlarm } from './composite-alarms.ts';
import { getMetricData } from './get-metric-data.ts';
import { getMetricStatistics } from './get-metric-statistics.ts';
import { listMetrics } from './list-metrics.ts';
import { putMetricAlarm } from './metric-alarms.ts';
import { putMetricData } from './put-metric-data.ts';

export const cloudwatch: Service = {
  name: 'cloudwatch',
  signingName: 'monitoring',
  iamPrefix: 'cloudwatch',
  eventSource: 'monitoring.amazonaws.com',
  load: () => import('@aws-sdk/client-cloudwatch'),
  operations: {
    DeleteAlarms: deleteAlarms,
    DescribeAlarmHistory: describeAlarmHistory,
    DescribeAlarms: describeAlarms,
    GetMetricData: getMetricData,
    GetMetricStatistics: getMetricStatistics,
    ListMetrics: listMetrics,
    PutCompositeAlarm: putCompositeAlarm,
    PutMetricAlarm: putMetricAlarm,
    PutMetricData: putMetricData,
    SetAlarmState: setAlarmState,
  },
};
