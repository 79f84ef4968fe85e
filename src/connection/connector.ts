import net from 'node:net';
import tls from 'node:tls';
import { ConnectionError, type ConnectionErrorCode } from '../errors.ts';

export interface Endpoint {
  host: string;
  port: number;
  /** The IP address that `host` led to before: dialled in its place, without looking the name up. */
  address?: string | undefined;
  /** Present for an ARKEO behind a TLS terminator; the instrument itself speaks plain TCP. */
  tls?: { ca?: string | undefined } | undefined;
}

/** Formats an endpoint as people write it, `host:port`. */
export function addressOf({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * Opens one socket and returns it once it can carry data (for TLS: once the certificate was accepted).
 * Throws ConnectionError with outcome `not_sent` and the likely cause as the hint.
 */
export function connect(endpoint: Endpoint, timeoutMs: number, signal?: AbortSignal): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const { host, port } = endpoint;
    const where = endpoint.address ?? host;
    const socket = endpoint.tls
      ? tls.connect({
          host: where,
          port,
          ...(endpoint.tls.ca === undefined ? {} : { ca: endpoint.tls.ca }),
          ...(net.isIP(host) === 0 ? { servername: host } : {}),
        })
      : net.connect({ host: where, port });
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.removeAllListeners();
      act();
    };
    const fail = (error: ConnectionError): void =>
      settle(() => {
        // A late error on an abandoned socket must not become an uncaught exception.
        socket.on('error', () => undefined);
        socket.destroy();
        reject(error);
      });
    const onAbort = (): void => fail(connectError(endpoint, 'cancelled', 'the call was cancelled'));
    const onTimeout = (): void => {
      const within = `within ${timeoutMs / 1000} s`;
      fail(
        socket.connecting || !endpoint.tls
          ? connectError(endpoint, 'connect_timeout', `no answer ${within}`)
          : connectError(endpoint, 'tls_failed', `it was accepted, but TLS got no answer ${within}`),
      );
    };
    const timer = setTimeout(onTimeout, timeoutMs);
    if (signal?.aborted === true) return onAbort();
    signal?.addEventListener('abort', onAbort);
    socket.once('error', (error: Error) => fail(fromSocketError(endpoint, error)));
    socket.once('close', () => fail(connectError(endpoint, 'connect_failed', 'closed by the other side')));
    socket.once(endpoint.tls ? 'secureConnect' : 'connect', () =>
      settle(() => {
        socket.setNoDelay(true);
        socket.setKeepAlive(true, 15_000);
        resolve(socket);
      }),
    );
  });
}

const HINTS: Partial<Record<ConnectionErrorCode, string>> = {
  connection_refused:
    'Nothing listens there. Is the ARKEO application running, with its API server switched on, and is the port right (6360 unless changed)? To try without an instrument, start arkeo-mcp with --simulator. `arkeo-mcp doctor` checks this step by step.',
  host_not_found: 'Check the spelling of the host name, or use the IP address of the measurement PC.',
  connect_timeout:
    'Usually a firewall on the measurement PC (allow inbound TCP on the port), or a wrong address. `arkeo-mcp doctor` checks this step by step.',
  unreachable: 'Is the measurement PC switched on and on the same network?',
  tls_failed:
    'The port must belong to a TLS terminator in front of the ARKEO, and its certificate must be trusted: pass its CA with --tls-ca. The ARKEO itself does not speak TLS: without a terminator, start arkeo-mcp without --tls.',
};

function connectError(
  endpoint: Endpoint,
  code: ConnectionErrorCode,
  reason: string,
  cause?: unknown,
): ConnectionError {
  return new ConnectionError(
    `cannot connect to ${addressOf(endpoint)}: ${reason}`,
    {
      code,
      outcome: 'not_sent',
      hint: HINTS[code] ?? 'Call instrument_status to see the state of the connection.',
    },
    { cause },
  );
}

function fromSocketError(endpoint: Endpoint, error: Error): ConnectionError {
  // If one name has several addresses, Node reports one AggregateError; its parts have the same reason.
  const first = error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0] : error;
  const errno = 'code' in first && typeof first.code === 'string' ? first.code : '';
  switch (errno) {
    case 'ECONNREFUSED':
      return connectError(endpoint, 'connection_refused', 'connection refused', error);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return connectError(
        endpoint,
        'host_not_found',
        `the name ${endpoint.host} could not be looked up`,
        error,
      );
    case 'ETIMEDOUT':
      return connectError(endpoint, 'connect_timeout', 'no answer', error);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
      return connectError(endpoint, 'unreachable', 'the host is unreachable', error);
    default:
      return endpoint.tls
        ? connectError(endpoint, 'tls_failed', tlsReason(first, errno), error)
        : connectError(endpoint, 'connect_failed', first.message || errno, error);
  }
}

/** Reason of a TLS failure in plain words; OpenSSL's own texts are meant for its developers. */
function tlsReason(error: Error, errno: string): string {
  if (errno === 'ECONNRESET') return 'it was accepted, and closed when TLS was begun';
  if (errno === 'EPROTO' || errno === 'ERR_SSL_WRONG_VERSION_NUMBER')
    return 'what answers does not speak TLS';
  const reason = 'reason' in error && typeof error.reason === 'string' ? error.reason : '';
  return reason || error.message || errno;
}
