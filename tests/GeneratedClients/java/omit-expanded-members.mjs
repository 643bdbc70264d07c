// Writes a copy of the document without the members that only `expand` returns (the read-only ones). The generator writes an example of
// each response, follows the references of these members in circles, and runs out of memory even with 6 GB.
import { readFileSync, writeFileSync } from 'node:fs';

const [source, target] = process.argv.slice(2);
const document = JSON.parse(readFileSync(source, 'utf8'));
for (const schema of Object.values(document.components.schemas)) {
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    if (member.readOnly) delete schema.properties[name];
  }
}
writeFileSync(target, JSON.stringify(document));
