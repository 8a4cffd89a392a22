import { buckets } from './buckets.ts';
import { idle } from './idle.ts';
import type { Job } from './job.ts';
import { ssh } from './ssh.ts';
import { tags } from './tags.ts';

export const JOBS = { ssh, idle, tags, buckets } satisfies Record<string, Job>;

export type JobName = keyof typeof JOBS;
