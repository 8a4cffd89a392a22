/** What AWS answers when it refuses: the wire layer turns it into the service's own error document. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** Further members of a modelled error shape, e.g. `{ CancellationReasons: [...] }`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.members = members;
  }
}
