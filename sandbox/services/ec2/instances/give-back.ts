import type { Ec2State } from '../state.ts';
import type { Instance } from './model.ts';

/** What a terminated instance leaves: deletes what goes with it, detaches what stays, frees its Elastic IPs. */
export function giveBack(state: Ec2State, instance: Instance): void {
  for (const id of instance.interfaceIds) {
    const one = state.interfaces.newest.get(id);
    if (!one) continue;
    const { publicIp: _ip, elastic: _elastic, attachment, ...plain } = one;
    if (attachment?.deleteOnTermination) {
      if (one.elastic) freeAddress(state, one.elastic.allocationId);
      state.interfaces.delete(id);
    } else {
      const keeps = one.elastic && one.publicIp && { elastic: one.elastic, publicIp: one.publicIp };
      state.interfaces.set(id, { ...plain, ...keeps });
    }
  }
  for (const id of instance.volumeIds) {
    const volume = state.volumes.newest.get(id);
    if (!volume) continue;
    const mine = volume.attachments.find((one) => one.instanceId === instance.id);
    const others = volume.attachments.filter((one) => one !== mine);
    if (mine?.deleteOnTermination && others.length === 0) state.volumes.delete(id);
    else state.volumes.set(id, { ...volume, attachments: others });
  }
}

/** Takes an Elastic IP off whatever has it; it stays allocated. */
export function freeAddress(state: Ec2State, allocationId: string): void {
  const address = state.addresses.newest.get(allocationId);
  if (!address) return;
  const { association: _, ...free } = address;
  state.addresses.set(allocationId, free);
}
