/** Says which Node runs it, and fails where it is not the wanted one. */
const [wanted] = process.argv.slice(2);
process.stdout.write(`Node ${process.versions.node}: ${process.execPath}\n`);
if (!`${process.versions.node}.`.startsWith(`${wanted}.`)) {
  process.stderr.write(`that is not Node ${wanted}\n`);
  process.exit(1);
}
