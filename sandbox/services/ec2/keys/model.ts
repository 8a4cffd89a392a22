import type { Resource } from '../state.ts';

export interface KeyPair extends Resource {
  readonly name: string;
  readonly type: 'rsa' | 'ed25519';
  readonly fingerprint: string;
  readonly createTime: Date;
}
