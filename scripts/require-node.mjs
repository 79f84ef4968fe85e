/** Prints the version of Node that runs it, and fails if it is not the required one. */
const [wanted] = process.argv.slice(2);
process.stdout.write(`Node ${process.versions.node}: ${process.execPath}\n`);
if (!`${process.versions.node}.`.startsWith(`${wanted}.`)) {
  process.stderr.write(`that is not Node ${wanted}\n`);
  process.exit(1);
}
