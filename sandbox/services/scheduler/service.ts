import type { Service } from '../../core/service.ts';
import { createScheduleGroup, deleteScheduleGroup, getScheduleGroup } from './groups.ts';
import { createSchedule, deleteSchedule, getSchedule, listSchedules, updateSchedule } from './schedules.ts';

/** Amazon EventBridge Scheduler. */
export const scheduler: Service = {
  name: 'scheduler',
  signingName: 'scheduler',
  iamPrefix: 'scheduler',
  eventSource: 'scheduler.amazonaws.com',
  load: () => import('@aws-sdk/client-scheduler'),
  operations: {
    CreateSchedule: createSchedule,
    CreateScheduleGroup: createScheduleGroup,
    DeleteSchedule: deleteSchedule,
    DeleteScheduleGroup: deleteScheduleGroup,
    GetSchedule: getSchedule,
    GetScheduleGroup: getScheduleGroup,
    ListSchedules: listSchedules,
    UpdateSchedule: updateSchedule,
  },
};
