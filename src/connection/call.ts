import type { ParameterKey, Reply, Request } from '../protocol/envelope.ts';

export interface Call {
  request: Request;
  /** Only reads are ever sent a second time. */
  kind: 'read' | 'write' | 'safety';
  parameterKey: ParameterKey;
  /** Time from writing the request to the complete reply. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** The manager's epoch when the caller began. A write that began before a shutdown is not sent after it. */
  epoch?: number | undefined;
  /** Called right before the request is written. Nothing is sent where it throws, and `send` throws the same. */
  beforeWrite?: (() => void) | undefined;
  /** Called at the moment the request is written; before that nothing has left this program. */
  onWritten?: (() => void) | undefined;
}

export interface Sent {
  reply: Reply;
  warnings: string[];
  /** Time from writing the request to the complete reply. */
  elapsedMs: number;
}
