import { Field } from '../../shared/events/fields.ts';

/** What says that an archive is whole. Written last, and read by an undo years later. */
export interface Manifest {
  readonly objects: number;
  readonly bytes: number;
  /** Everything in the archive was written before that moment. */
  readonly writtenBefore: Date;
}

/** ISO 8601 in UTC, as a manifest has it. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** The manifest in this text; undefined where it is of another bucket, or does not tell all of it. */
export function readManifest(text: string, bucket: string): Manifest | undefined {
  const manifest = new Field(text, 'manifest').json();
  const written = manifest?.at('writtenBefore').optionalText();
  const [objects, bytes] = [manifest?.at('objects').value, manifest?.at('bytes').value];
  if (manifest?.at('bucket').value !== bucket || !isCount(objects) || !isCount(bytes)) return undefined;
  if (written === undefined || !MOMENT.test(written)) return undefined;
  const writtenBefore = new Date(written);
  return Number.isNaN(writtenBefore.getTime()) ? undefined : { objects, bytes, writtenBefore };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
