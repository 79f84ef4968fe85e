/** Started under one name, reported under the other. */
const ALIASES: readonly (readonly string[])[] = [['photoceliv', 'celiv']];

/** The name among `known` that means the same routine: case, spaces and punctuation do not matter. */
export function matchRoutine(name: string, known: readonly string[]): string | undefined {
  return (
    known.find((candidate) => candidate === name) ?? known.find((candidate) => sameRoutine(candidate, name))
  );
}

/** Likewise, and whether one is another name of the other. */
export function sameRoutine(a: string, b: string): boolean {
  return canonical(a) === canonical(b);
}

function canonical(name: string): string {
  const bare = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return ALIASES.find((names) => names.includes(bare))?.[0] ?? bare;
}
