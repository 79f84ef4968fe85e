/**
 * A host of the simplest kind, in a process of its own: starts the server that its arguments name, prints its process id,
 * and passes on what is written to it. Both are in one group of processes, as a host and its servers are.
 */
import { spawn } from 'node:child_process';

const [command = '', ...args] = process.argv.slice(2);
const server = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
process.stdout.write(`${JSON.stringify({ pid: server.pid })}\n`);
server.stdout.pipe(process.stdout);
process.stdin.pipe(server.stdin);
server.stdin.on('error', () => undefined);
