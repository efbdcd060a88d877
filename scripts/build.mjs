#!/usr/bin/env node
/** Builds `dist/cli` (the `sg` program) and `dist/plugin` (the Claude Code plugin) from the sources. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  chmodSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Piscina } from 'piscina';
import { rolldown } from 'rolldown';
import { buildReport } from './build-report.mjs';
import { inputsOf, isUpToDate, writeStamp } from './up-to-date.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const require = createRequire(import.meta.url);
const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Bundles entries for Node; `external` stays an import of an installed package. */
async function bundle(input, dir, format, external = [], chunks = 'chunks/') {
  const build = await rolldown({
    input,
    platform: 'node',
    external: [/^node:/, ...external],
    cwd: root,
    // Our own modules only define things: what is not used of them need not be run.
    treeshake: { moduleSideEffects: (id) => !isOurs(id) },
    // What one program loads late another may need at once: each bundle is right for its own.
    checks: { ineffectiveDynamicImport: false },
    transform: {
      define: {
        __SG_VERSION__: JSON.stringify(packageJson.version),
        __SG_BUILD__: JSON.stringify(inputs.slice(0, 32)),
        ...defined,
      },
    },
  });
  await build.write({
    dir,
    format,
    entryFileNames: '[name].js',
    chunkFileNames: `${chunks}[name]-[hash].js`,
    // Names stay, for whoever reads a stack trace; comments and spaces cost a scan's threads time to read.
    minify: { compress: true, mangle: false, codegen: true },
  });
  await build.close();
}

/** The same JSON; a text of bytes below 128 is read in half the time. */
function inAscii(json) {
  return json.replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Whether a module is one of this repository. */
function isOurs(id) {
  return id.startsWith(root) && !id.includes('node_modules');
}

const inputs = inputsOf(root);
/** What only a first bundle can tell the others. */
const defined = {};
if (isUpToDate(dist, inputs)) process.exit(0);

rmSync(join(dist, 'cli'), { recursive: true, force: true });
rmSync(join(dist, 'plugin'), { recursive: true, force: true });
rmSync(join(dist, 'build'), { recursive: true, force: true });

await bundle(
  {
    rules: 'scripts/build-rules.ts',
    pairs: 'bench/eval/read-pairs.ts',
    module: 'host/re2-module.ts',
  },
  join(dist, 'build'),
  'esm',
  ['yaml'],
);
const rulesModule = pathToFileURL(join(dist, 'build/rules.js')).href;
const { buildRules, editRules, kernelModule, packForScan, packForSecrets, warmUpTexts } =
  await import(rulesModule);
defined.__SG_KERNEL__ = JSON.stringify(kernelModule());
const { prepareModule } = await import(pathToFileURL(join(dist, 'build/module.js')).href);

const { readPairs } = await import(pathToFileURL(join(dist, 'build/pairs.js')).href);

const built = buildRules(join(root, 'rules'));
const evalPairs = readPairs(join(root, 'bench/eval/pairs'));
const deepPairs = readPairs(join(root, 'bench/eval/deep-pairs'));
const problems = [...built.problems, ...evalPairs.problems, ...deepPairs.problems];
if (problems.length > 0) {
  for (const problem of problems) console.error(problem);
  process.exit(1);
}
const wasm = prepareModule(readFileSync(require.resolve('re2-wasm/build/wasm/re2.wasm')));

// Takes longer than all else.
const compilers = new Piscina({
  filename: new URL('compile-thread.mjs', import.meta.url).href,
  maxThreads: 2,
});
const compileRules = (rules, documented) =>
  compilers.run({ module: rulesModule, rules, wasm, documented });

// What a pattern's examples leave in RE2's memory saves a scan of many files more than it costs to load; one
// edit, and a service that warms up anyway, are better off without.
const parts = [
  ['cli', built.rules, built.rules],
  ['plugin', editRules(built.rules), []],
].map(([dir, rules, documented]) => ({ dir, rules, snapshot: compileRules(rules, documented) }));

// piscina looks for `worker.js` beside the file that it is in. A priority of threads other than the process's
// own is the one thing that it needs a native package for.
const piscinaWorker = join(dirname(require.resolve('piscina')), 'worker.js');
// CommonJS: a program that loads no ES module starts sooner.
await bundle({ main: 'cli/main.ts', 'chunks/worker': piscinaWorker }, join(dist, 'cli'), 'cjs', [
  '@napi-rs/nice',
  're2-wasm',
  'tinybench',
]);
writeFileSync(join(dist, 'cli/package.json'), '{ "type": "commonjs", "private": true }\n');
// CommonJS: a thread that loads no ES module starts in two thirds of the time.
await bundle({ 'scan-worker': 'workers/scan-worker.ts' }, join(dist, 'cli/worker'), 'cjs');
await bundle({ 'post-tool-use': 'hooks/main.ts' }, join(dist, 'plugin/hooks'), 'cjs');
await bundle({ main: 'hooks/block/main.ts' }, join(dist, 'plugin/block'), 'cjs');
await bundle({ main: 'hooks/turn/main.ts' }, join(dist, 'plugin/turn'), 'cjs');
// All in one folder, so that piscina finds its worker.
await bundle(
  {
    main: 'hooks/service.ts',
    'edit-worker': 'hooks/edit-worker.ts',
    start: 'hooks/start-service.ts',
    worker: piscinaWorker,
  },
  join(dist, 'plugin/service'),
  'cjs',
  ['@napi-rs/nice'],
  '',
);

const secretsPack = packForSecrets();

for (const { dir, rules, snapshot } of parts) {
  writeFileSync(join(dist, dir, 'rules.json'), inAscii(JSON.stringify(rules)));
  writeFileSync(join(dist, dir, 'rules.pack'), packForScan(rules));
  writeFileSync(join(dist, dir, 'secrets.pack'), secretsPack);
  writeFileSync(join(dist, dir, 're2.wasm'), wasm);
  writeFileSync(join(dist, dir, 're2.snapshot'), await snapshot);
}
writeFileSync(join(dist, 'plugin/warm-up.json'), JSON.stringify(warmUpTexts(built.rules)));
for (const [name, { pairs }] of [
  ['eval-pairs', evalPairs],
  ['eval-deep-pairs', deepPairs],
])
  writeFileSync(join(dist, 'cli', `${name}.json`), JSON.stringify(pairs));
await buildReport(join(dist, 'cli/report'));
chmodSync(join(dist, 'cli/main.js'), 0o755);
for (const name of ['hooks.json', 'run.sh', 'block.sh', 'client.pl', 'client-rest.pl'])
  cpSync(join(root, 'hooks', name), join(dist, 'plugin/hooks', name));
for (const name of ['LICENSE', 'NOTICE']) {
  if (existsSync(join(root, name))) cpSync(join(root, name), join(dist, 'plugin', name));
}
// The bundles are CommonJS wherever the folder is copied to.
writeFileSync(join(dist, 'plugin/package.json'), '{ "type": "commonjs", "private": true }\n');
if (existsSync(join(root, 'hooks/demo-session.json'))) {
  cpSync(join(root, 'hooks/demo-session.json'), join(dist, 'cli/demo-session.json'));
}

/** Copies a manifest and stamps the one version, description and licence that package.json has. */
function stamp(from, to) {
  const { version, description, license } = packageJson;
  const manifest = JSON.parse(readFileSync(join(root, '.claude-plugin', from), 'utf8'));
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, `${JSON.stringify({ ...manifest, version, description, license }, null, 2)}\n`);
}
stamp('plugin.json', join(dist, 'plugin/.claude-plugin/plugin.json'));
mkdirSync(join(dist, '.claude-plugin'), { recursive: true });
cpSync(
  join(root, '.claude-plugin/marketplace.json'),
  join(dist, '.claude-plugin/marketplace.json'),
);
await compilers.destroy();
writeStamp(dist, inputs);
