import type { Result, RunReport } from '../shared/engine/outcome.ts';
import type { Place } from '../shared/engine/signal.ts';
import type { Resource } from '../shared/engine/verdict.ts';
import { shown } from '../shared/engine/words.ts';
import type { AnyPolicy } from './policies.ts';

/** A policy that tells how far it is, and remembers what it found in order. */
export interface Watched {
  readonly policy: AnyPolicy;
  /** The compliant resources that the report itself only counts. */
  inOrder(report: RunReport): readonly Result[];
}

/** Wraps a policy for somebody who watches; decides and changes nothing itself. */
export function watch(policy: AnyPolicy, progress: (text: string) => void): Watched {
  const places = new WeakMap<Resource, Place>();
  const compliant = new Map<string, Result>();
  let read = 0;
  return {
    policy: {
      ...policy,
      async *find(signal, settings, around) {
        for await (const page of policy.find(signal, settings, around)) {
          read += page.resources.length;
          progress(`${policy.name}  ${around.place.region}  ${read} read`);
          yield page;
        }
      },
      gather(resources, settings, around) {
        for (const resource of resources) places.set(resource, around.place);
        return policy.gather(resources, settings, around);
      },
      judge(resource, facts, settings, now) {
        const verdict = policy.judge(resource, facts, settings, now);
        const place = places.get(resource);
        if (verdict.verdict === 'compliant' && place !== undefined) {
          const outcome = { outcome: 'skipped', code: 'compliant', reason: verdict.reason } as const;
          // Without what it holds: twenty thousand groups with their rules would fill the memory.
          compliant.set(resource.arn, { ...place, resource: shown(resource), verdict, outcome, notes: [] });
        }
        return verdict;
      },
    },
    inOrder(report) {
      // Read again after its remedy a resource is compliant too, but the report already tells about it.
      const told = new Set(report.results.map(({ resource }) => resource.arn));
      return [...compliant.values()].filter(({ resource }) => !told.has(resource.arn));
    },
  };
}
