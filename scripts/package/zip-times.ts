const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
/** 1 January 1980, the first day that a zip archive can represent. */
const FIRST_TIME = 0;
const FIRST_DATE = 0x21;

/**
 * Gives every file of a zip archive without a comment the same time, in place: the same content, the same
 * bytes.
 */
export function levelTimes(archive: Buffer): void {
  const end = archive.length - 22;
  expect(archive, end, END_OF_DIRECTORY);
  let entry = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    expect(archive, entry, DIRECTORY_ENTRY);
    const local = archive.readUInt32LE(entry + 42);
    expect(archive, local, LOCAL_HEADER);
    writeTime(archive, entry + 12);
    writeTime(archive, local + 10);
    entry +=
      46 +
      archive.readUInt16LE(entry + 28) +
      archive.readUInt16LE(entry + 30) +
      archive.readUInt16LE(entry + 32);
  }
}

function writeTime(archive: Buffer, at: number): void {
  archive.writeUInt16LE(FIRST_TIME, at);
  archive.writeUInt16LE(FIRST_DATE, at + 2);
}

function expect(archive: Buffer, at: number, signature: number): void {
  if (at < 0 || archive.readUInt32LE(at) !== signature)
    throw new Error(`not a plain zip archive at byte ${at}`);
}
