import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { RuntimeError } from './errors.ts';

export type Handler = (
  event: unknown,
  context: object,
  done?: (error: unknown, answer: unknown) => void,
) => unknown;

/** Loads `dir/file.export` (nested exports `a.b` too) from the task root, as the Node.js runtime does. */
export async function loadHandler(root: string, name: string): Promise<Handler> {
  const base = path.basename(name);
  const dot = base.indexOf('.');
  if (dot < 1 || name.includes('..')) throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  const stem = path.join(path.dirname(name), base.slice(0, dot));
  const exported = base.slice(dot + 1);
  const module = await load(root, stem);
  let found: unknown = module;
  for (const key of exported.split('.')) {
    found = typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined;
  }
  const missing = `${stem}.${exported} is undefined or not exported`;
  if (found === undefined) throw new RuntimeError('Runtime.HandlerNotFound', missing);
  if (!isHandler(found)) {
    throw new RuntimeError('Runtime.HandlerNotFound', `${stem}.${exported} is not a function`);
  }
  return found;
}

async function load(root: string, stem: string): Promise<unknown> {
  const file = ['.js', '.mjs', '.cjs']
    .map((end) => path.join(root, stem + end))
    .find((each) => existsSync(each));
  if (!file) {
    throw new RuntimeError('Runtime.ImportModuleError', `Error: Cannot find module '${path.basename(stem)}'`);
  }
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new RuntimeError('Runtime.UserCodeSyntaxError', `SyntaxError: ${error.message}`, error);
    }
    if (error instanceof Error && 'code' in error && /MODULE_NOT_FOUND$/.test(String(error.code))) {
      throw new RuntimeError('Runtime.ImportModuleError', `Error: ${error.message}`, error);
    }
    throw error;
  }
}

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}
