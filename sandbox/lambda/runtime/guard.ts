import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const LOOPBACK: readonly unknown[] = [undefined, null, '', 'localhost', '127.0.0.1', '::1'];

/** Cuts the process off from everything but this machine's loopback; the refusal names the host. */
export function installGuard(): void {
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function guarded(this: net.Socket, ...args: unknown[]) {
    const host = hostOf(args);
    if (!LOOPBACK.includes(host)) {
      const error = refusal(String(host));
      queueMicrotask(() => this.destroy(error));
      return this;
    }
    return Reflect.apply(connect, this, args);
  };
  Object.assign(dgram.Socket.prototype, { send: refuseDatagrams, connect: refuseDatagrams });
  guardLookups();
  syncBuiltinESMExports();
}

/** The options object, `(port, host)`, a path, or the `[options, callback]` pair that `net.connect` passes on. */
function hostOf(args: readonly unknown[]): unknown {
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  if (typeof first === 'object' && first !== null) return 'host' in first ? first.host : undefined;
  return typeof second === 'string' ? second : undefined;
}

const ASKING = /^(lookup|resolve|reverse)/;

/** Names are looked up by functions and by resolver objects, each in a form with callbacks and one with promises. */
function guardLookups(): void {
  guardNames(dns, failByCallback);
  guardNames(dns.Resolver.prototype, failByCallback);
  guardNames(dns.promises, failByPromise);
  guardNames(dns.promises.Resolver.prototype, failByPromise);
}

function guardNames(owner: object, fail: (error: Error, args: readonly unknown[]) => unknown): void {
  for (const name of Object.getOwnPropertyNames(owner).filter((each) => ASKING.test(each))) {
    const ask: unknown = Reflect.get(owner, name);
    if (typeof ask !== 'function') continue;
    Reflect.set(owner, name, function guarded(this: unknown, ...args: unknown[]) {
      return LOOPBACK.includes(args[0])
        ? Reflect.apply(ask, this, args)
        : fail(refusal(String(args[0])), args);
    });
  }
}

function failByCallback(error: Error, args: readonly unknown[]): void {
  const done = args.at(-1);
  if (typeof done === 'function') queueMicrotask(() => done(error));
}

function failByPromise(error: Error): Promise<never> {
  return Promise.reject(error);
}

function refuseDatagrams(): never {
  throw refusal('a host over UDP');
}

function refusal(host: string): Error {
  const message = `The sandbox refused a connection to ${host}: a simulated function may only talk to 127.0.0.1`;
  // Swallowed or not by the function, it stands in its log.
  process.stderr.write(`${message}\n`);
  return Object.assign(new Error(message), { code: 'ESANDBOXED', host });
}
