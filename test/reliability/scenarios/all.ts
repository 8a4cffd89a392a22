import type { Scenario } from '../stage/scenario.ts';
import { sshApply } from './apply.ts';
import { bucketsArchive, bucketsContinued, bucketsUndo } from './archive.ts';
import { idleUndoDuring, sshUndoAfter, sshUndoDuring } from './beside.ts';
import { idleUndoLookBackUndone, sshUndoLookBack, sshUndoLookBackUndone } from './broken-off-undo.ts';
import { bucketsEnd } from './buckets.ts';
import { tagsQuarantine, tagsStop } from './deadline.ts';
import { idleGrace, idlePromise, sshGrace } from './grace.ts';
import { officeHours } from './hours.ts';
import { idleSweep } from './idle.ts';
import {
  idleLookBack,
  idleLookBackUndone,
  sshLookBack,
  sshLookBackUndone,
  tagsLookBack,
  tagsLookBackUndone,
} from './reconcile.ts';
import { sshContinuation, sshEvent, sshSweep, sshWindow } from './ssh.ts';
import { tagsEvent, tagsInPart, tagsSweep } from './tags.ts';
import { idleUndo, sshUndo, tagsUndo } from './undo.ts';

/** What the fault matrix is made of. */
export const scenarios: readonly Scenario[] = [
  sshEvent,
  sshSweep,
  sshContinuation,
  sshWindow,
  idleSweep,
  officeHours,
  tagsEvent,
  tagsSweep,
  tagsInPart,
  tagsQuarantine,
  tagsStop,
  bucketsEnd,
  bucketsArchive,
  bucketsContinued,
  bucketsUndo,
  sshUndo,
  idleUndo,
  tagsUndo,
  idlePromise,
  idleGrace,
  sshGrace,
  sshUndoDuring,
  sshUndoAfter,
  idleUndoDuring,
  sshApply,
  sshLookBack,
  sshLookBackUndone,
  idleLookBack,
  idleLookBackUndone,
  tagsLookBack,
  tagsLookBackUndone,
  sshUndoLookBack,
  sshUndoLookBackUndone,
  idleUndoLookBackUndone,
];
