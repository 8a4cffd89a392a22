import { namesIn } from './intrinsics.ts';
import type { TemplateResource } from './template.ts';

/** The resources in an order in which each comes after those that it refers to or depends on. */
export function inOrder(resources: Readonly<Record<string, TemplateResource>>): readonly string[] {
  const done: string[] = [];
  const open: string[] = [];
  const visit = (id: string): void => {
    if (done.includes(id)) return;
    if (open.includes(id))
      throw new Error(`Circular dependency between resources: ${[...open, id].join(' → ')}`);
    open.push(id);
    for (const before of dependencies(id, resources)) visit(before);
    open.pop();
    done.push(id);
  };
  for (const id of Object.keys(resources)) visit(id);
  return done;
}

function dependencies(id: string, resources: Readonly<Record<string, TemplateResource>>): readonly string[] {
  const { DependsOn = [], Properties, Type } = resources[id] ?? { Type: '' };
  const named = typeof DependsOn === 'string' ? [DependsOn] : DependsOn;
  const missing = named.find((each) => !resources[each]);
  if (missing) throw new Error(`${id} (${Type}): DependsOn ${missing} does not exist`);
  return [...named, ...[...namesIn(Properties)].filter((name) => Object.hasOwn(resources, name))];
}
