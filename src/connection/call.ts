import type { ParameterKey, Reply, Request } from '../protocol/envelope.ts';

export interface Call {
  request: Request;
  /** Only reads are ever sent a second time. */
  kind: 'read' | 'write' | 'safety';
  parameterKey: ParameterKey;
  /** From writing the request to the complete reply. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

export interface Sent {
  reply: Reply;
  warnings: string[];
  /** From writing the request to the complete reply. */
  elapsedMs: number;
}
