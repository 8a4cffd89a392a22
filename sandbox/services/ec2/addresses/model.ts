import type { Resource } from '../state.ts';

/** An Elastic IP address; `id` is its allocation id. */
export interface ElasticAddress extends Resource {
  readonly publicIp: string;
  readonly association?: { readonly id: string; readonly interfaceId: string };
}
