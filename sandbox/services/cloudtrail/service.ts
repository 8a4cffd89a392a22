import type { Service } from '../../core/service.ts';
import { lookupEvents } from './lookup-events.ts';
import {
  createTrail,
  deleteTrail,
  describeTrails,
  getTrailStatus,
  startLogging,
  stopLogging,
} from './trails.ts';

export const cloudtrail: Service = {
  name: 'cloudtrail',
  signingName: 'cloudtrail',
  iamPrefix: 'cloudtrail',
  eventSource: 'cloudtrail.amazonaws.com',
  load: () => import('@aws-sdk/client-cloudtrail'),
  operations: {
    CreateTrail: createTrail,
    DeleteTrail: deleteTrail,
    DescribeTrails: describeTrails,
    GetTrailStatus: getTrailStatus,
    LookupEvents: lookupEvents,
    StartLogging: startLogging,
    StopLogging: stopLogging,
  },
};
