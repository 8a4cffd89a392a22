/** Says how far a long work is: on a terminal on one line, elsewhere with each tenth. */
export class Progress {
  readonly #all: number;
  readonly #out: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>;
  #done = 0;
  #violations = 0;

  constructor(all: number, out: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stderr) {
    this.#all = all;
    this.#out = out;
  }

  /** One more is done, with these violations, which are said at once. */
  add(violations: readonly string[]): void {
    const before = Math.floor((this.#done * 10) / this.#all);
    this.#done += 1;
    this.#violations += violations.length;
    for (const violation of violations) this.#out.write(`${this.#out.isTTY ? '\r' : ''}${violation}\n`);
    const said = `${this.#done} of ${this.#all} tried, ${this.#violations} violations`;
    const end = this.#done === this.#all ? '\n' : '';
    if (this.#out.isTTY) this.#out.write(`\r${said}${end}`);
    else if (Math.floor((this.#done * 10) / this.#all) > before) this.#out.write(`${said}\n`);
  }
}
