// The examples' validator follows every reference for ever: it reads a copy without the members that `expand` sends along (the read-only ones).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

mkdirSync('acyclic', { recursive: true });
for (const file of process.argv.slice(2)) {
  const document = JSON.parse(readFileSync(file, 'utf8'));
  for (const schema of Object.values(document.components.schemas)) {
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      if (property.readOnly) delete schema.properties[name];
    }
  }
  writeFileSync(`acyclic/${file}`, JSON.stringify(document, null, 2));
}
