#!/usr/bin/env node
/** Rewrites the generated parts of the documents: `npm run docs`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
// Inside the repository, so that the packages it imports are found.
const dir = join(root, 'dist/docs');

const build = await rolldown({
  input: { facts: 'scripts/docs-facts.ts', generate: 'scripts/generate-docs.ts' },
  platform: 'node',
  external: (id, importer) => importer !== undefined && !id.startsWith('.') && !isAbsolute(id),
  cwd: root,
});
await build.write({ dir, format: 'esm', entryFileNames: '[name].js' });
await build.close();
try {
  const at = (name) => pathToFileURL(join(dir, name)).href;
  const { readDocs, readFacts } = await import(at('facts.js'));
  const { generateDocs } = await import(at('generate.js'));
  const before = readDocs(root);
  const after = generateDocs(before, await readFacts(root));
  mkdirSync(join(root, 'docs/rules'), { recursive: true });
  for (const path of Object.keys(before).filter((name) => !(name in after))) {
    rmSync(join(root, path));
    console.log(`removed ${path}`);
  }
  for (const [path, text] of Object.entries(after)) {
    if (text === before[path]) continue;
    writeFileSync(join(root, path), text);
    console.log(`wrote ${path}`);
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}
