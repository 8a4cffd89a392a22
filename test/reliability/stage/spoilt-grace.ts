import type { Marks } from '../../../shared/engine/mark.ts';
import type { Sabotage } from './functions.ts';

/** The marks of a grace, changed. */
export const marking = (change: (marks: Marks) => Partial<Marks>): Sabotage => ({
  ports: (ports) => {
    const { marks } = ports.journal;
    return { ...ports, journal: { ...ports.journal, marks: { ...marks, ...change(marks) } } };
  },
});

/** Nobody hears of anything, and each mark counts as told. */
export const untoldCounts: Sabotage = {
  ports: (ports) => ({
    ...(marking(({ open }) => ({
      open: async (policy) => (await open(policy)).map((mark) => ({ ...mark, told: true })),
    })).ports?.(ports) ?? ports),
    notify: async () => [],
  }),
};
