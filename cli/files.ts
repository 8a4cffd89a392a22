import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { BadInput } from './exit.ts';

/**
 * Where a result is written: the file that the person named, or one of our own naming in the folder that the person
 * named. BadInput where the name would lead out of the folder (B6.32).
 */
export function outputFile(named: string, parts: readonly string[], ending: string): string {
  return isFolder(named) ? fileIn(named, parts, ending) : resolve(named);
}

/** A file in this folder, named after these parts; they may come from anywhere, so they only pass an allow-list. */
export function fileIn(folder: string, parts: readonly string[], ending: string): string {
  const strange = parts.find((part) => !/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(part));
  const name = `${parts.join('-')}${ending}`;
  const file = resolve(folder, name);
  if (strange !== undefined || name.length > 200 || dirname(file) !== resolve(folder)) {
    throw new BadInput(
      `${JSON.stringify(strange ?? name)} cannot be part of a file name; name a file yourself`,
    );
  }
  return file;
}

/**
 * Writes a whole file or none, for its owner's eyes: never through a symbolic link, and over an existing one only by
 * force. BadInput where that cannot be.
 */
export function writeWhole(file: string, text: string, force: boolean): void {
  refuseLink(file);
  const draft = join(dirname(file), `.${basename(file).slice(0, 100)}.${randomUUID()}.draft`);
  try {
    const opened = openSync(draft, 'wx', 0o600);
    try {
      writeFileSync(opened, text);
      fsyncSync(opened);
    } finally {
      closeSync(opened);
    }
    if (force) renameSync(draft, file);
    else putAnew(draft, file);
  } catch (error) {
    if (codeOf(error) === 'EEXIST')
      throw new BadInput(`${file}: it is there already; give --force to overwrite it`);
    throw new BadInput(`${file}: cannot be written (${codeOf(error)})`);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The text of a regular file of at most so many bytes; BadInput for anything else, without having read it. */
export function readBounded(file: string, mostBytes: number): string {
  try {
    const { size } = regular(file);
    if (size > mostBytes) throw new BadInput(`${file}: ${size} bytes, at most ${mostBytes} are read`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof BadInput) throw error;
    throw new BadInput(`${file}: cannot be read (${codeOf(error)})`);
  }
}

/** BadInput for a symbolic link: what lies behind it may be somebody else's. */
export function refuseLink(file: string): void {
  if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new BadInput(`${file}: it is a symbolic link; name the file itself`);
  }
}

/** A pipe would never end, a device has no size. */
function regular(file: string): { size: number } {
  const found = statSync(file);
  if (!found.isFile()) throw new BadInput(`${file}: this is not a file`);
  return found;
}

function isFolder(named: string): boolean {
  return /[/\\]$/.test(named) || statSync(named, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** A link is refused where the name is taken, in one step. */
function putAnew(draft: string, file: string): void {
  try {
    linkSync(draft, file);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw error;
    // A file system without hard links.
    copyFileSync(draft, file, constants.COPYFILE_EXCL);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
