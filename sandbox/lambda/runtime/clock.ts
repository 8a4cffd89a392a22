import type { SimulatedTime } from './protocol.ts';

const RealDate = Date;
let time: SimulatedTime = { now: RealDate.now(), ticking: true };
let setAt = performance.now();

/** Sets what `Date` tells from now on; timers and `performance` stay real. */
export function setTime(next: SimulatedTime): void {
  time = next;
  setAt = performance.now();
}

/** Replaces the global `Date` with one that tells the account's time and is a `Date` in every other way. */
export function installClock(): void {
  const now = () => Math.floor(time.now + (time.ticking ? performance.now() - setAt : 0));
  const simulated = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length > 0 ? args : [now()], newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  });
  RealDate.prototype.constructor = simulated;
  globalThis.Date = simulated;
}
