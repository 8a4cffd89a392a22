import type { Command } from 'commander';
import type { ExitCode } from '../exit.ts';
import type { Terminal } from '../terminal.ts';

/** Adds one command to the program: its words, its flags, and what it runs; `end` takes the exit code. */
export type Register = (program: Command, terminal: Terminal, end: (code: ExitCode) => void) => void;
