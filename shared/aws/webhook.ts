import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Chat } from '../notify/chat.ts';
import { type Aws, verb } from './access.ts';

/** Where each chat receives messages. Nothing else is ever called, whatever the parameter holds (B6.35). */
const HOSTS: Readonly<Record<Chat, RegExp>> = {
  slack: /^hooks\.slack(-gov)?\.com$/,
  teams: /^([a-z0-9-]+\.)+(webhook\.office\.com|logic\.azure\.com|powerplatform\.com)$/,
};

const TIMEOUT_MS = 5_000;

/** Sends an HTTP request; the runtime's own `fetch`, or a test's. */
export type Fetch = (url: string, init: RequestInit) => Promise<Pick<Response, 'ok' | 'status' | 'body'>>;

/** Reads the address of a chat's webhook, which is a secret, from an SSM parameter (SecureString). */
export const readWebhook = verb(['ssm:GetParameter'], async (aws: Aws, name: string): Promise<string> => {
  const { Parameter } = await aws.send(
    SSMClient,
    new GetParameterCommand({ Name: name, WithDecryption: true }),
  );
  return Parameter?.Value?.trim() ?? '';
});

/**
 * Posts a message to a chat's webhook: https and the chat's own hosts only, no redirect followed, five seconds at most.
 * Throws without ever naming the address.
 */
export async function postToChat(
  chat: Chat,
  address: string,
  body: string,
  send: Fetch = fetch,
): Promise<void> {
  const url = allowed(chat, address);
  const response = await send(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    // The runtime's own message may quote the address.
    const late = error instanceof Error && error.name === 'TimeoutError';
    throw new Error(
      `The ${chat} webhook ${late ? 'did not answer within five seconds' : 'could not be reached'}`,
    );
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`The ${chat} webhook answered ${response.status}`);
}

function allowed(chat: Chat, address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const plain = url?.username === '' && url.password === '' && url.port === '';
  if (url?.protocol !== 'https:' || !plain || !HOSTS[chat].test(url.hostname)) {
    throw new Error(
      `The address of the ${chat} webhook is not one of its own: https and its usual host are needed`,
    );
  }
  return url.href;
}
