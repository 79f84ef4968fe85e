import type { Disk } from '../files/disk.ts';
import { inGroups } from '../files/in-groups.ts';
import { DiskStalled } from '../files/limited-disk.ts';
import { lookAtMember, NotAMember } from '../files/members.ts';
import { readPatiently } from '../files/whole-files.ts';
import { quote } from '../text/quote.ts';
import { whyUnreadable } from './damage.ts';
import type { MeasurementRecord, StoredFile } from './record.ts';
import { DATASET_FILE, sha256 } from './stored.ts';

const MAX_FILE_BYTES = 256 * 1024 * 1024;
/** So many files are looked at, at once. */
const AT_ONCE = 8;

/** The data in a measurement's folder, as bytes. Throws what the disk throws, NotAMember. */
export async function readDatasetFile(disk: Disk, folder: string): Promise<Buffer> {
  const { file } = await lookAtMember(disk, folder, DATASET_FILE);
  return readPatiently(disk, file, MAX_FILE_BYTES);
}

/** Lists what is wrong with the files that belong to a measurement, one sentence each. Throws DiskStalled. */
export async function fileProblems(disk: Disk, folder: string, record: MeasurementRecord): Promise<string[]> {
  return problemsOf(record, async ({ name, bytes, sha256: expected }) => {
    const { file, found } = await lookAtMember(disk, folder, name);
    if (found.bytes !== bytes) return `${name} has ${found.bytes} bytes instead of ${bytes}`;
    const content = await readPatiently(disk, file, MAX_FILE_BYTES);
    return sha256(content) === expected ? undefined : `${name} was changed: its SHA-256 does not match`;
  });
}

/** The same, as far as it shows without reading the files. */
export async function missingFiles(disk: Disk, folder: string, record: MeasurementRecord): Promise<string[]> {
  return problemsOf(record, async ({ name, bytes }) => {
    const { found } = await lookAtMember(disk, folder, name);
    return found.bytes === bytes ? undefined : `${name} has ${found.bytes} bytes instead of ${bytes}`;
  });
}

async function problemsOf(
  { files, unwritten }: MeasurementRecord,
  look: (file: StoredFile) => Promise<string | undefined>,
): Promise<string[]> {
  const once = new Map(files.map((file) => [file.name, file]));
  const problems = await inGroups([...once.values()], AT_ONCE, async (file) => {
    try {
      return (await look(file)) ?? [];
    } catch (error) {
      if (error instanceof DiskStalled) throw error;
      if (error instanceof NotAMember) return `${quote(file.name)} ${error.message}`;
      return `${file.name} ${whyUnreadable(error)}`;
    }
  });
  return [
    ...problems.flat(),
    ...(once.size < files.length ? ['some files are listed more than once'] : []),
    ...unwritten.map(
      (name) => `${quote(name)} could not be written: a file of that name, if there is one, is older`,
    ),
  ];
}
