import type { Message } from '@aws-sdk/client-sqs';
import type { Aws } from '../../shared/aws/access.ts';
import {
  type DeployedFunction,
  deadLetterQueueOf,
  deleteLetter,
  deployedFunctions,
  invokeAgain,
  receiveLetters,
  releaseLetters,
  sendAgain,
} from '../../shared/aws/dead-letters.ts';
import { collect } from '../../shared/aws/pages.ts';
import { brief } from '../../shared/engine/words.ts';
import { BadInput } from '../exit.ts';
import { type Letter, readLetter, textToSend } from './letter.ts';

/** A policy's deployed function with its queues. */
export interface Deployed extends DeployedFunction {
  readonly policy: string;
  readonly deadLetters: string;
}

/** How one letter ended. */
export interface Handled {
  readonly policy: string;
  readonly letter: Letter;
  readonly outcome: 'left' | 'given back' | 'given back, not removed' | 'failed';
  readonly reason: string;
}

/** Long enough for ten to be given back; what is left hidden by a broken off run shows again by itself after that. */
const HIDDEN_SECONDS = 120;

/** The functions of these policies in the region; BadInput where one is not deployed, or deployed more than once. */
export async function deployed(
  aws: Aws,
  policies: readonly string[],
  stack: string | undefined,
): Promise<readonly Deployed[]> {
  const functions = await collect(deployedFunctions(aws));
  const all: Deployed[] = [];
  for (const policy of policies) {
    const own = functions.filter(
      ({ name, stackId }) =>
        name.endsWith(`-${policy}`) && (stack === undefined || stackId.split('/')[1] === stack),
    );
    const [found, other] = own;
    const place = `${aws.place.account}, ${aws.place.region}`;
    if (found === undefined) throw new BadInput(`${policy} is not deployed in ${place}`);
    if (other !== undefined) {
      const stacks = own.map(({ stackId }) => stackId.split('/')[1]).join(', ');
      throw new BadInput(`${policy} is deployed more than once in ${place}; give --stack, one of ${stacks}`);
    }
    const deadLetters = await deadLetterQueueOf(aws, found.workQueueUrl);
    if (deadLetters === undefined)
      throw new BadInput(`${found.name}: its work queue has no dead-letter queue`);
    all.push({ ...found, policy, deadLetters });
  }
  return all;
}

export interface Bounds {
  /** Give nothing back: only look. */
  readonly dryRun: boolean;
  readonly most: number;
  readonly stop: AbortSignal;
}

/**
 * Gives the letters of one queue back, oldest first as far as SQS says: each is deleted only once Lambda or SQS has taken
 * it over, so a broken off run loses none; at worst one is given back twice, which functions take. All that was only
 * looked at shows again at the end.
 */
export async function redriveQueue(aws: Aws, of: Deployed, bounds: Bounds): Promise<readonly Handled[]> {
  const seen = new Map<string, string>();
  const handled: Handled[] = [];
  const gone = new Set<string>();
  /** What was given back in this run, and how often before: what of it dies meanwhile is left for the next one. */
  const given = new Map<string, number>();
  try {
    while (handled.length < bounds.most && !bounds.stop.aborted) {
      const messages = await receiveLetters(aws, of.deadLetters, HIDDEN_SECONDS);
      const fresh = messages.filter(({ MessageId = '' }) => !seen.has(MessageId));
      for (const { MessageId = '', ReceiptHandle = '' } of messages) seen.set(MessageId, ReceiptHandle);
      if (fresh.length === 0) break;
      const dead = letters(fresh).filter(({ back, times }) => times <= (given.get(back.text) ?? times));
      const chosen = dead.slice(0, bounds.most - handled.length);
      for (const letter of chosen) {
        if (bounds.stop.aborted) break;
        const one = await giveBack(aws, of, letter, bounds.dryRun);
        handled.push(one);
        if (one.outcome !== 'left') given.set(letter.back.text, letter.times);
        if (one.outcome === 'given back') gone.add(letter.id);
      }
    }
  } finally {
    const left = [...seen].filter(([id]) => !gone.has(id)).map(([, receipt]) => receipt);
    await releaseLetters(aws, of.deadLetters, left);
  }
  return handled;
}

function letters(messages: readonly Message[]): readonly Letter[] {
  return messages.map(readLetter).sort((one, other) => one.sentAt.getTime() - other.sentAt.getTime());
}

async function giveBack(aws: Aws, of: Deployed, letter: Letter, dryRun: boolean): Promise<Handled> {
  const { policy, name, workQueueUrl, deadLetters } = of;
  const end = (outcome: Handled['outcome'], reason: string) => ({ policy, letter, outcome, reason });
  if (dryRun) return end('left', 'It would be given back.');
  try {
    const text = textToSend(letter);
    if (letter.back.to === 'queue') await sendAgain(aws, workQueueUrl, text, letter.times + 1);
    else await invokeAgain(aws, name, text);
  } catch (error) {
    return end('failed', `It stays where it is: ${brief(error)}`);
  }
  try {
    await deleteLetter(aws, deadLetters, letter.receipt);
    return end('given back', `${name} has it again.`);
  } catch (error) {
    const reason = `${name} has it again, but it could not be taken out of the queue: ${brief(error)}`;
    return end('given back, not removed', reason);
  }
}
