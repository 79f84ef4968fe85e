import pino from 'pino';

export type Logger = pino.Logger;
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggerOptions {
  level: LogLevel;
  /** Also append to this file; folders on the way to it are made. */
  file?: string | undefined;
}

const STDERR = 2;

/** JSON lines on standard error (standard output belongs to MCP) and, if asked, in a file. */
export function createLogger({ level, file }: LoggerOptions): Logger {
  // Synchronous: what is logged just before a crash must not be lost.
  const stderr = pino.destination({ dest: STDERR, sync: true });
  const base = { level, base: { pid: process.pid } };
  if (file === undefined || level === 'silent') return pino(base, stderr);
  const destination = pino.destination({ dest: file, sync: true, mkdir: true, append: true });
  return pino(
    base,
    pino.multistream([
      { stream: stderr, level },
      { stream: destination, level },
    ]),
  );
}
