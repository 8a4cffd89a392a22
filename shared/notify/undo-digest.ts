import type { UndoReport, UndoResult } from '../engine/undo-outcome.ts';
import type { Digest } from './digest.ts';
import { jsonText, plain, safe } from './escape.ts';
import { listing } from './listing.ts';

/** SNS takes 262,144 bytes for body and attributes together (B5.35). */
const ROOM = { text: 120_000, json: 130_000 } as const;

/** Puts an undo into words: who took what back and why, what was refused and why, until when the policies leave it. */
export function undoDigest(report: UndoReport): Digest {
  return { subject: subjectOf(report), text: textOf(report), json: jsonOf(report) };
}

function subjectOf({ counts, results, request }: UndoReport): string {
  const failed = counts.failed > 0 ? `, ${counts.failed} failed` : '';
  const what = results.length === 1 ? (results[0]?.entry.resource.id ?? '') : `run ${request.target}`;
  const text = `Reeve: ${counts.undone} of ${results.length} taken back${failed} - ${what}`;
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 99);
}

function textOf(report: UndoReport): string {
  const { request, counts, results, exemptUntil, run } = report;
  const of = (wanted: UndoResult['outcome']['outcome']) =>
    results.filter(({ outcome }) => outcome.outcome === wanted).map(lineOf);
  const opening = [
    `${safe(request.actor.name, 200)} asked to take ${safe(request.target, 64)} back: ${safe(request.reason ?? 'no reason was given', 500)}`,
    `${counts.undone} taken back, ${counts.refused} refused, ${counts.failed} failed, ${counts.left} left.`,
    ...(counts.undone > 0
      ? [
          `The policies leave what was taken back as it is until ${exemptUntil.toISOString()}, and act again then.`,
        ]
      : []),
  ];
  const { text } = listing(ROOM.text, [
    { title: 'Reeve took changes back', lines: opening },
    { title: 'Failed', lines: of('failed') },
    { title: 'Refused', lines: of('refused') },
    { title: 'Taken back', lines: of('undone') },
    { title: 'Left for later', lines: of('left') },
    { title: 'About this undo', lines: [`Run ${plain(run, 64)}.`] },
  ]);
  return text;
}

function lineOf({ entry, outcome, notes }: UndoResult): string {
  const lines = [
    `- ${plain(entry.resource.id, 300)}, ${plain(entry.account, 20)}, ${plain(entry.region, 40)} (${plain(entry.policy, 60)})`,
    `  Was: ${safe(entry.summary)}`,
    `  ${safe(outcome.reason)}`,
    `  Entry: ${plain(entry.id, 64)}`,
    ...notes.map((note) => `  Note: ${safe(note)}`),
  ];
  return lines.join('\n');
}

/** Whole results only, as many as there is room for. */
function jsonOf({ results }: UndoReport): string {
  const encoder = new TextEncoder();
  const kept: string[] = [];
  let size = 2;
  for (const { entry, outcome } of results) {
    const { id, policy, action, resource, account, region } = entry;
    const text = jsonText({ entry: id, policy, action, resource: resource.id, account, region, ...outcome });
    size += encoder.encode(text).length + 1;
    if (size > ROOM.json) break;
    kept.push(text);
  }
  return `[${kept.join(',')}]`;
}
