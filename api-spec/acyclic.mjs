// openapi-examples-validator follows every reference without an end, and rejects the mapping of a discriminator. It reads a copy without
// the read-only members, which `expand` adds, and without discriminators.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

mkdirSync('acyclic', { recursive: true });
for (const file of process.argv.slice(2)) {
  const document = JSON.parse(readFileSync(file, 'utf8'));
  for (const schema of Object.values(document.components.schemas)) {
    delete schema.discriminator;
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      if (property.readOnly) delete schema.properties[name];
    }
  }
  writeFileSync(`acyclic/${file}`, JSON.stringify(document, null, 2));
}
