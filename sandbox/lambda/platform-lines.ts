/** What one invocation used, as its REPORT line says it. */
export interface Usage {
  readonly durationMs: number;
  readonly memoryMb: number;
  readonly maxMemoryMb: number;
  readonly initMs?: number;
  readonly status: 'success' | 'error' | 'timeout';
}

/** Lambda's own log lines around an invocation, in the function's log format. */
export function startLine(format: 'Text' | 'JSON', requestId: string, version: string, now: number): string {
  return format === 'Text'
    ? `START RequestId: ${requestId} Version: ${version}`
    : platform('platform.start', now, { requestId, version });
}

export function endLines(
  format: 'Text' | 'JSON',
  requestId: string,
  usage: Usage,
  now: number,
): readonly string[] {
  const { durationMs, memoryMb, maxMemoryMb, initMs, status } = usage;
  const billed = Math.ceil(durationMs + (initMs ?? 0));
  if (format === 'JSON') {
    const metrics = {
      durationMs: round(durationMs),
      billedDurationMs: billed,
      memorySizeMB: memoryMb,
      maxMemoryUsedMB: maxMemoryMb,
      ...(initMs !== undefined && { initDurationMs: round(initMs) }),
    };
    return [platform('platform.report', now, { requestId, metrics, status })];
  }
  const parts = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${round(durationMs)} ms`,
    `Billed Duration: ${billed} ms`,
    `Memory Size: ${memoryMb} MB`,
    `Max Memory Used: ${maxMemoryMb} MB`,
    ...(initMs === undefined ? [] : [`Init Duration: ${round(initMs)} ms`]),
    ...(status === 'success' ? [] : [`Status: ${status}`]),
  ];
  return [`END RequestId: ${requestId}`, `${parts.join('\t')}\t`];
}

const round = (ms: number) => Math.round(ms * 100) / 100;

function platform(type: string, now: number, record: object): string {
  return JSON.stringify({ time: new Date(now).toISOString(), type, record });
}
