/** Builds what the report page of `sg bench` has inside of it: its script with the chart library, and its style. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
const page = join(root, 'bench/report/page');

/** Writes `page.js` and `page.css` into `dir`. */
export async function buildReport(dir) {
  const build = await rolldown({ input: join(page, 'main.ts'), platform: 'browser', cwd: root });
  const { output } = await build.generate({ format: 'iife', minify: true });
  await build.close();
  mkdirSync(dir, { recursive: true });
  // The page puts it between script tags.
  writeFileSync(join(dir, 'page.js'), output[0].code.replaceAll('</', '<\\/'));
  const library = readFileSync(require.resolve('uplot/dist/uPlot.min.css'), 'utf8');
  writeFileSync(join(dir, 'page.css'), library + readFileSync(join(page, 'style.css'), 'utf8'));
}
