/** Builds what report pages have inside of them, script and style: those of `sg bench` and `sg eval`, with the chart library, and the triage page. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);

/** Writes `page.js`, `page.css`, `triage.js` and `triage.css` into `dir`. */
export async function buildReport(dir) {
  const library = readFileSync(require.resolve('uplot/dist/uPlot.min.css'), 'utf8');
  mkdirSync(dir, { recursive: true });
  await buildPage('bench/report/page', join(dir, 'page'), library);
  await buildPage('cli/triage/page', join(dir, 'triage'), '');
}

async function buildPage(folder, out, library) {
  const input = join(root, folder, 'main.ts');
  const build = await rolldown({ input, platform: 'browser', cwd: root });
  const { output } = await build.generate({ format: 'iife', minify: true });
  await build.close();
  // The page puts it between script tags.
  writeFileSync(`${out}.js`, output[0].code.replaceAll('</', '<\\/'));
  writeFileSync(`${out}.css`, library + readFileSync(join(root, folder, 'style.css'), 'utf8'));
}
