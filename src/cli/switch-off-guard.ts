/**
 * The guard process of a server, an entry of its own: it is there before the first light goes on, and so it loads nothing
 * before it listens. What switches off is loaded behind that, and not when it is needed: by then the files may be those of
 * another version.
 */
import { READY } from '../safety/switch-off-guard/lines.ts';
import { watchPipe } from '../safety/switch-off-guard/watch-pipe.ts';

const gone = watchPipe(process.stdin);
// Signals that end its server from outside, as to a group of processes that is told to go, do not end this process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGBREAK'])
  process.on(signal, () => undefined);
// Its server, which reads that, may be gone by then.
process.stdout.on('error', () => undefined);
process.stdout.write(READY);

const loaded = import('./guard-parts.ts');
const told = await gone;
const { switchOffFor, leave } = await loaded;
if (told !== undefined) await switchOffFor(told);
await leave(0);
