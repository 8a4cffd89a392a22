import { expect, it } from 'vitest';
import { readEnvironment } from '../../../shared/lambda/environment.ts';

const COMPLETE = {
  AWS_REGION: 'eu-west-1',
  REEVE_JOURNAL_TABLE: 'journal',
  REEVE_TOPIC_ARN: 'arn:aws:sns:eu-west-1:111122223333:topic',
  REEVE_KILL_SWITCH: '/reeve/kill-switch',
  REEVE_WORK_QUEUE_URL: 'https://queue',
  REEVE_STACK_ID: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/reeve/1',
};

it('reads what the stack sets', () => {
  expect(readEnvironment(COMPLETE)).toMatchObject({ region: 'eu-west-1', journalTable: 'journal' });
});

it.each(Object.keys(COMPLETE))('B5.42 says in one line that %s is missing or blank', (name) => {
  for (const value of [undefined, '', ' ']) {
    expect(() => readEnvironment({ ...COMPLETE, [name]: value })).toThrow(
      `The function's environment lacks ${name}`,
    );
  }
});

it('B5.42 names all that is missing at once', () => {
  expect(() => readEnvironment({ AWS_REGION: 'eu-west-1' })).toThrow(
    /^The function's environment lacks REEVE_JOURNAL_TABLE, .*REEVE_STACK_ID$/,
  );
});
