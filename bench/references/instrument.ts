/** Answers every request at once, as an instrument with no routine open; prints its port. */
import { createServer } from 'node:net';
import { encodeFrame, FrameDecoder } from '../../src/protocol/frame-codec.ts';

const server = createServer((socket) => {
  const decoder = new FrameDecoder();
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    for (const payload of decoder.push(chunk)) {
      const { request_id } = JSON.parse(payload.toString()) as { request_id: number };
      socket.write(
        encodeFrame(Buffer.from(JSON.stringify({ status: 'OK', data: { routine: '' }, request_id }))),
      );
    }
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`);
});
process.stdin.on('end', () => process.exit()).resume();
