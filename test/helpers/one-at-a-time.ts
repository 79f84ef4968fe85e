import net from 'node:net';

/**
 * A TCP server for `startFake` that serves the next connection only when the one before is closed, as a single-threaded
 * program does: others are accepted and not heard.
 */
export function oneAtATime(onSocket: (socket: net.Socket) => void): net.Server {
  let serving: net.Socket | undefined;
  const line: net.Socket[] = [];
  const serveNext = (): void => {
    serving = line.shift();
    serving?.resume();
  };
  return net.createServer({ pauseOnConnect: true }, (socket) => {
    onSocket(socket);
    socket.pause();
    socket.on('close', () => {
      if (socket === serving) serveNext();
      else if (line.includes(socket)) line.splice(line.indexOf(socket), 1);
    });
    line.push(socket);
    if (serving === undefined) serveNext();
  });
}
