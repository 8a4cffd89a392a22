import { afterEach, expect, it, vi } from 'vitest';
import { BadInput } from '../../cli/exit.ts';
import { FORMATS, printFindings } from '../../cli/render/findings.ts';
import type { RunReport } from '../../shared/engine/outcome.ts';
import { lambdaHandler } from '../../shared/lambda/handler.ts';
import { createLogger, logOf } from '../../shared/lambda/log.ts';
import { chatMessage } from '../../shared/notify/chat.ts';
import { digest } from '../../shared/notify/digest.ts';
import { reportPage } from '../../shared/notify/html/page.ts';
import { reeve, terminalInto } from '../cli/run.ts';
import { context, deployed, embedded, tidy } from '../shared/lambda/fixture.ts';
import { House, named } from '../support/lamps.ts';

/** Each holds the word that must never be seen; together they are what an error of an SDK may quote. */
const SECRETS = [
  'denied for AKIAXYZZYXYZZYXY1234',
  'session ASIAXYZZYXYZZYXY1234',
  'https://b.s3.amazonaws.com/k?X-Amz-Signature=xyzzyxyzzy01&X-Amz-Credential=xyzzy/20261121&x=1',
  'https://b.s3.amazonaws.com/k?Signature=xyzzyxyzzyxyzzyx%2Bxyzzy%3D&Expires=1',
  'X-Amz-Security-Token: xyzzyFwoGZXIvYXdz',
  'posting to https://hooks.slack.com/services/T0/B0/xyzzy',
  '"UserData": "xyzzyIyEvYmluL2Jhc2g="',
  'aws_secret_access_key = xyzzy',
].join(' and ');
const SHOWN = /xyzzy/i;

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

async function report(): Promise<RunReport> {
  const house = new House();
  house.add('hall', { name: SECRETS });
  const made = await house.run(named('hall'));
  const results = made.results.map((result) => ({
    ...result,
    notes: [SECRETS],
    verdict: { ...result.verdict, reason: SECRETS, evidence: [{ quoted: SECRETS }] },
  }));
  return { ...made, results };
}

it('B6.34 no message, page or printed finding shows a secret that a reason, a name or a fact quotes', async () => {
  const made = await report();
  const { untold: _results, ...told } = digest(made);
  const printed = FORMATS.map((format) => {
    const lines: string[] = [];
    printFindings([made], format, terminalInto(lines));
    return lines.join('\n');
  });
  const sinks = {
    ...told,
    slack: chatMessage('slack', told),
    teams: chatMessage('teams', told),
    page: reportPage([made], { account: '111122223333', as: 'arn:aws:iam::1:user/ana', ownerTag: 'Owner' }),
    ...Object.fromEntries(FORMATS.map((format, index) => [format, printed[index] ?? ''])),
  };

  for (const [name, text] of Object.entries(sinks)) {
    expect(String(text).length, name).toBeGreaterThan(20);
    expect(String(text), name).not.toMatch(SHOWN);
  }
});

it('B6.34 neither log nor what a function throws shows one, in message and stack', async () => {
  const scene = await deployed({ served: false });
  for (const [name, value] of Object.entries(scene.environment)) vi.stubEnv(name, value);
  const lines: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  }
  const log = logOf(createLogger('tidy'), 'c-1');
  log.error(SECRETS, { error: new Error(SECRETS), said: SECRETS });
  const broken = () => {
    throw new Error(SECRETS);
  };
  const invoked = { ...context(), getRemainingTimeInMillis: broken };
  const thrown = await lambdaHandler(
    tidy().policy,
    {},
    embedded(),
  )({ reeve: 'sweep' }, invoked).catch((error: unknown) => error);
  await scene.sandbox.close();

  expect(thrown).toBeInstanceOf(Error);
  const { message, stack } = thrown instanceof Error ? thrown : new Error('nothing was thrown');
  expect(message).toContain('denied for');
  expect(lines.join('')).toContain('denied for');
  for (const text of [message, stack, ...lines]) expect(text).not.toMatch(SHOWN);
});

it('B6.34 no mistake that the command line tells shows one', async () => {
  vi.stubEnv('REEVE_DEBUG', '1');
  const { err } = await reeve(['sweep', '--config', `/nowhere/${SECRETS}`]);

  expect(err).not.toBe('');
  expect(err).not.toMatch(SHOWN);
  expect(new BadInput(SECRETS).message).not.toMatch(SHOWN);
});
