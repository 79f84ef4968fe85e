import { existsSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import pino from 'pino';
import { ConfigurationError } from './errors.ts';

export type Logger = pino.Logger;
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggerOptions {
  level: LogLevel;
  /** Also append to this file; missing folders are made. */
  file?: string | undefined;
}

const STDERR = 2;

/** Bytes that are kept for a slow reader; beyond them lines are dropped. */
const MAX_BUFFERED = 1024 * 1024;

/** JSON lines on standard error (standard output belongs to MCP) and, if asked, in a file. */
export function createLogger({ level, file }: LoggerOptions): Logger {
  // Not synchronous: a host that does not read standard error must not block the server.
  const stderr = pino.destination({ dest: STDERR, sync: false, maxLength: MAX_BUFFERED });
  const base = { level, base: { pid: process.pid } };
  if (file === undefined || level === 'silent') return pino(base, stderr);
  return pino(
    base,
    pino.multistream([
      { stream: stderr, level },
      { stream: openLogFile(file), level },
    ]),
  );
}

function openLogFile(file: string): pino.DestinationStream {
  try {
    makeFolder(path.dirname(file));
    // Opened here, so that a wrong name is reported to the caller and not to an event handler.
    return pino.destination({ dest: openSync(file, 'a'), sync: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(
      `--log-file (ARKEO_LOG_FILE): ${reason}`,
      'Give the path of a file that can be written.',
    );
  }
}

/**
 * Makes a folder and its parents one by one: with `recursive` Node never returns in a place such as /proc, in
 * which no folder can be made.
 */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolder(parent);
  mkdirSync(folder);
}
