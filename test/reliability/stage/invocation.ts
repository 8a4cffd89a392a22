import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Aws } from '../../../shared/aws/access.ts';
import type { EmbeddedSettings } from '../../../shared/config/embedded.ts';
import type { Log, Ports } from '../../../shared/engine/ports.ts';
import type { Answer } from '../../../shared/lambda/answer.ts';
import type { UndoAnswer } from '../../../shared/lambda/answer-undo.ts';
import { digest } from '../../../shared/notify/digest.ts';
import type { Containers, Lived } from './containers.ts';
import { type FunctionName, functions, type Sabotage } from './functions.ts';
import { type Letter, readLetter } from './letters.ts';

/** A function as it was deployed, and what is spoilt in it. */
export interface Deployment {
  readonly fn: FunctionName;
  readonly settings: EmbeddedSettings;
  readonly sabotage: Sabotage | undefined;
  readonly log: Log;
  /** Told what the calls of its container are signed with, before there are any. */
  readonly onStart: (accessKeyId: string) => void;
}

/** What came of one invocation. */
export interface Invoked extends Lived<Answer | UndoAnswer> {
  /** Messages that could not be delivered, where the invocation said so by the metric that an alarm watches. */
  readonly undelivered: readonly Letter[];
}

/** One invocation of a function, in a container of its own. */
export async function invoke(
  containers: Containers,
  { fn, settings, sabotage, log, onStart }: Deployment,
  event: unknown,
): Promise<Invoked> {
  const { account } = containers;
  const { timeoutMs, start } = functions[fn];
  const metrics = new Metrics({ namespace: 'Reeve', serviceName: fn });
  const lost: Letter[] = [];
  const listening = listeningTo(sabotage, (letter) => lost.push(letter));
  const lived = await containers.live(timeoutMs, async (life) => {
    onStart(life.accessKeyId);
    const handler = start(account.environment(fn), settings, account.place, life.outside, listening);
    return await handler(event, {
      now: account.now(),
      requestId: containers.newId(),
      remainingMs: () => life.remainingMs(),
      metrics,
      logFor: () => log,
    });
  });
  return { ...lived, undelivered: saysLost(metrics) ? lost : [] };
}

/** Keeps what a message would have said that could not be delivered. */
function listeningTo(sabotage: Sabotage | undefined, onLost: (letter: Letter) => void): Sabotage {
  const { ports: spoil = (ports: Ports<Aws>) => ports, ...others } = sabotage ?? {};
  return {
    ...others,
    ports(sound) {
      const ports = spoil(sound);
      const notify: Ports<Aws>['notify'] = async (report) => {
        try {
          return await ports.notify(report);
        } catch (error) {
          onLost(readLetter(digest(report).text, ports.now().getTime()));
          throw error;
        }
      };
      return { ...ports, notify };
    },
  };
}

/** Whether an invocation measured that a message was lost. */
function saysLost(metrics: Metrics): boolean {
  const measured: Record<string, unknown> = { ...metrics.serializeMetrics() };
  metrics.clearMetrics();
  const { Undelivered } = measured;
  return [Undelivered].flat().some(Boolean);
}
