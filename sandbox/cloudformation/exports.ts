import type { World } from '../core/world.ts';
import { isThere, type StackRecord, stacks } from './stack.ts';

export interface Export {
  readonly name: string;
  readonly value: string;
  readonly stackId: string;
}

/** What the stacks of an account's region export, by name. */
export function exportsOf(place: Parameters<typeof stacks.of>[0]): readonly Export[] {
  return [...stacks.of(place).values()]
    .filter(({ status }) => isThere(status))
    .flatMap(({ id, outputs }) =>
      Object.values(outputs).flatMap(({ value, exportName }) =>
        exportName === undefined ? [] : [{ name: exportName, value, stackId: id }],
      ),
    );
}

/** A name is exported by one stack only. */
export function checkExports(world: World, stack: StackRecord): void {
  const all = exportsOf({ world, ...stack });
  const own = all.filter(({ stackId }) => stackId === stack.id);
  const taken = all.find((each) => each.stackId !== stack.id && own.some(({ name }) => name === each.name));
  if (!taken) return;
  const other = taken.stackId.split('/')[1];
  throw new Error(`Export with name ${taken.name} is already exported by stack ${other}.`);
}
