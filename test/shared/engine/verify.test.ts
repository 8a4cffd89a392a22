import { expect, it } from 'vitest';
import { House, type Lamp, named } from '../../support/lamps.ts';

type Row = {
  when: string;
  lamp: Partial<Lamp>;
  onAct?: (house: House, lamp: Lamp) => void;
  code: string;
  journal: 'done' | 'gone' | 'failed';
  sleeps: number;
};

it.each<Row>([
  { when: 'it shows at once', lamp: {}, code: 'remedied', journal: 'done', sleeps: 0 },
  { when: 'it shows after two waits', lamp: { stale: 2 }, code: 'remedied', journal: 'done', sleeps: 2 },
  { when: 'it shows after the last wait', lamp: { stale: 3 }, code: 'remedied', journal: 'done', sleeps: 3 },
  { when: 'it never shows', lamp: { stale: 4 }, code: 'still-violating', journal: 'failed', sleeps: 3 },
  {
    when: 'the call is denied',
    lamp: { refuses: { code: 'UnauthorizedOperation' } },
    code: 'UnauthorizedOperation',
    journal: 'failed',
    sleeps: 0,
  },
  {
    when: 'the call times out without effect',
    lamp: { refuses: { code: 'Timeout', uncertain: true } },
    code: 'Timeout',
    journal: 'failed',
    sleeps: 3,
  },
  {
    when: 'the call times out after it took effect',
    lamp: { refuses: { code: 'Timeout', uncertain: true, takesEffect: true } },
    code: 'remedied',
    journal: 'done',
    sleeps: 0,
  },
  {
    when: 'the remedy breaks off after it took effect',
    lamp: { refuses: { code: '', throws: true, takesEffect: true } },
    code: 'remedied',
    journal: 'done',
    sleeps: 0,
  },
  {
    when: 'the call is denied and somebody else switches it off',
    lamp: { refuses: { code: 'Denied' } },
    onAct: (_, lamp) => {
      lamp.light = 'off';
    },
    code: 'changed',
    journal: 'gone',
    sleeps: 0,
  },
  {
    when: 'it is taken down right after',
    lamp: {},
    onAct: (house) => house.lamps.splice(0),
    code: 'gone',
    journal: 'gone',
    sleeps: 0,
  },
  {
    when: 'what remains has no switch',
    lamp: { stale: 9 },
    onAct: (_, lamp) => {
      lamp.switch = false;
    },
    code: 'remedied',
    journal: 'done',
    sleeps: 0,
  },
  {
    when: 'it cannot be told any more',
    lamp: {},
    onAct: (house) => {
      house.onGather = () => {
        throw new Error('denied');
      };
    },
    code: 'unverified',
    journal: 'failed',
    sleeps: 3,
  },
  {
    when: 'it cannot be read any more',
    lamp: {},
    onAct: (house) => {
      house.onFind = () => {
        throw new Error('denied');
      };
    },
    code: 'unverified',
    journal: 'failed',
    sleeps: 3,
  },
])('B3.37 B3.18 when $when, it ends $code', async ({ lamp, onAct, code, journal, sleeps }) => {
  const house = new House();
  house.add('hall', lamp);
  house.onAct = (acted) => onAct?.(house, acted);

  const report = await house.run(named('hall'));

  expect(report.results[0]?.outcome.code).toBe(code);
  expect(house.journal.entries[0]?.outcome).toMatchObject({ result: journal, code });
  expect(house.calls.filter((call) => call.startsWith('sleep'))).toEqual(
    ['sleep 1000', 'sleep 2000', 'sleep 4000'].slice(0, sleeps),
  );
});

it('B6.16 what was done before a failure is journaled', async () => {
  const house = new House();
  house.add('hall', { refuses: { code: 'Denied', after: { dimmed: true } } });

  await house.run(named('hall'));

  expect(house.journal.entries).toMatchObject([{ outcome: { result: 'failed', after: { dimmed: true } } }]);
});

it('B5.16 what somebody else put in order and back, under the same id, is remedied', async () => {
  const house = new House();
  const hall = house.add('hall', { refuses: { code: 'Denied' } });
  house.onAct = (lamp) => {
    lamp.light = 'off';
  };
  await house.run(named('hall'));
  delete hall.refuses;
  hall.light = 'lit';

  const report = await house.run(named('hall'));

  expect(report.results[0]?.outcome.code).toBe('remedied');
  expect(house.litIds).toEqual([]);
});

it('B6.21 what was noticed while acting is noted and calls somebody', async () => {
  const house = new House();
  house.add('hall', { attention: 'It was green by then.' });

  const report = await house.run(named('hall'));

  expect(report.results[0]).toMatchObject({
    outcome: { code: 'remedied' },
    notes: ['It was green by then.'],
  });
  expect(report.pages).toEqual(['hall: It was green by then.']);
});

it('B5.16 a delivery that another one overtakes between two looks into the journal calls nobody', async () => {
  const house = new House();
  const hall = house.add('hall');
  await house.run(named('hall'));
  hall.light = 'lit';
  const { journal } = house;
  const recent = journal.recent.bind(journal);
  let looks = 0;
  journal.recent = async (arn, since) => (++looks === 1 ? [] : recent(arn, since));

  const report = await house.run(named('hall'));

  expect(report.results[0]?.outcome.code).toBe('already-done');
  expect(report.pages).toEqual([]);
});

it('a lamp that is gone when the switch is reached is left', async () => {
  const house = new House();
  house.add('hall');
  house.killSwitch = () => {
    house.lamps.splice(0);
    return 'off';
  };
  const report = await house.run(named('hall'));
  expect(report.results[0]?.outcome).toMatchObject({ outcome: 'skipped', code: 'gone' });
});

it('ten changes are verified by one reading', async () => {
  const house = new House();
  house.addMany(10);
  await house.run();
  expect(house.calls.filter((call) => call === 'find')).toHaveLength(2);
});

it('one that still burns keeps no other waiting for its outcome twice', async () => {
  const house = new House();
  house.addMany(9);
  house.add('stubborn', { refuses: { code: 'Denied' } });
  const report = await house.run();
  expect(report.counts).toMatchObject({ done: 9, failed: 1 });
  expect(house.calls.filter((call) => call === 'journal.finish')).toHaveLength(10);
});

it('B3.18 what remains is told, and calls for somebody when it is severe', async () => {
  const house = new House();
  house.add('hall', { stale: 9, severity: 'high' });
  house.onAct = (lamp) => {
    lamp.switch = false;
  };
  const report = await house.run(named('hall'));
  expect(report.results[0]).toMatchObject({
    outcome: { outcome: 'done' },
    notes: ['What remains: hall is lit.'],
  });
  expect(report.pages).toEqual(['hall: What remains: hall is lit.']);
});

it('B5.16 what somebody else switched off a moment before is not journaled as ours', async () => {
  const house = new House();
  const hall = house.add('hall');
  house.killSwitch = () => {
    hall.light = 'off';
    return 'off';
  };
  const report = await house.run(named('hall'));
  expect(report.results[0]?.outcome).toEqual({
    outcome: 'skipped',
    code: 'gone',
    reason: 'hall is dark already.',
  });
  expect(house.journal.entries).toMatchObject([{ outcome: { result: 'gone', after: null } }]);
});
