import type { Missing } from '../../shared/engine/policy.ts';
import type { Place, ResourceRef } from '../../shared/engine/signal.ts';
import type { TagType } from './types/row.ts';
import { TYPES } from './types/table.ts';

/** By row; an ARN is told by its form. Types that the settings leave out are nobody's concern. */
export function sorted(
  refs: readonly ResourceRef[],
  rows: readonly TagType[],
  place: Place,
): { perRow: ReadonlyMap<TagType, readonly ResourceRef[]>; missing: readonly Missing[] } {
  const perRow = new Map<TagType, ResourceRef[]>();
  const missing: Missing[] = [];
  for (const ref of refs) {
    const byArn = [...TYPES.values()].find((row) => row.idOf(ref.id) !== undefined);
    const row = TYPES.get(ref.type) ?? byArn;
    if (row === undefined) {
      const reason = `${ref.id} is a ${ref.type}, whose tags Reeve does not look at.`;
      missing.push({ ref, why: 'unresolved', reason });
    } else if (rows.includes(row)) {
      const id = ref.id.startsWith('arn:') ? (row.idOf(ref.id) ?? ref.id) : row.idNamed(ref.id, place);
      perRow.set(row, [...(perRow.get(row) ?? []), { ...ref, id }]);
    }
  }
  return { perRow, missing };
}
