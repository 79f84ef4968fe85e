import { StringDecoder } from 'node:string_decoder';
import { BEGIN, END, STATE } from './lines.ts';

/** The last lines that a guard process was told. */
export interface Told {
  begin: string;
  state: string;
}

interface Source {
  on: (event: 'data' | 'end' | 'close' | 'error', listener: (chunk: Buffer) => void) => unknown;
}

/**
 * Listens to a server until its pipe closes. Resolves with what was told last, where the server was gone without a word,
 * and with undefined where it ended in order or had told nothing. A line that was cut says nothing. Reads no JSON: what
 * does so takes time to load, and the pipe must have a reader at once.
 */
export function watchPipe(pipe: Source): Promise<Told | undefined> {
  return new Promise((resolve) => {
    // A chunk may end within a character.
    const decoder = new StringDecoder('utf8');
    let rest = '';
    let begin: string | undefined;
    let state: string | undefined;
    const take = (line: string): void => {
      if (line.startsWith(BEGIN)) begin = line;
      if (line.startsWith(STATE)) state = line;
      if (line === END) resolve(undefined);
    };
    pipe.on('data', (chunk) => {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(line);
    });
    const gone = (): void =>
      resolve(begin === undefined || state === undefined ? undefined : { begin, state });
    for (const event of ['end', 'close', 'error'] as const) pipe.on(event, gone);
  });
}
