import { embedded } from 'reeve:settings';
import { waysBack } from 'reeve:ways-back';
import { undoHandler } from '../../shared/lambda/undo-handler.ts';

/** Invoked directly: `{"undo": "<entry or run>", "by": "…", "reason": "…", "dryRun": true}`; no event sets it off. */
export const handler = undoHandler(embedded, waysBack);
