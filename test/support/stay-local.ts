import { Socket } from 'node:net';

/** B6.38: a test that opens a connection to anything but this machine fails, whatever it was going to say there. */
const LOCAL = new Set(['127.0.0.1', '::1', 'localhost', undefined]);

const connect = Socket.prototype.connect;

function stayLocal(this: Socket, ...args: unknown[]) {
  // Node passes normalised `[options, callback]` arrays internally, or what the caller gave.
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  const options =
    typeof first === 'object' && first !== null ? (first as { host?: string; path?: string }) : {};
  const host = typeof first === 'number' && typeof second === 'string' ? second : options.host;
  if (options.path === undefined && !LOCAL.has(host)) {
    throw new Error(`a test tried to reach ${host}; tests stay on 127.0.0.1`);
  }
  return Reflect.apply(connect, this, args);
}

// The setup file runs once for each test file, all in one thread: wrap only once.
if (connect.name !== 'stayLocal') Socket.prototype.connect = stayLocal as typeof connect;
