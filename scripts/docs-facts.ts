/** Reads what the generated documentation is made of, and the documents as they are. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { command as scan } from '../cli/commands/scan.ts';
import { optionRows } from '../cli/help.ts';
import { Re2Store } from '../engine/re2/store.ts';
import { withMaskedExamples } from '../engine/secret/examples.ts';
import { configTable } from '../host/config.ts';
import { reviewTable } from '../host/review-config.ts';
import { prepareModule } from '../host/re2-module.ts';
import { compileBytes, runtimeOf } from '../host/wasm.ts';
import { buildRules } from './build-rules.ts';
import type { DocsFacts, DocsFiles } from './generate-docs.ts';
import { bundledPackages } from './notices.ts';

/** `root` is the repository's. Throws when a built-in rule is broken: the build says more about it. */
export async function readFacts(root: string): Promise<DocsFacts> {
  const { rules, problems } = buildRules(join(root, 'rules'));
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const require = createRequire(join(root, 'package.json'));
  const wasm = readFileSync(require.resolve('re2-wasm/build/wasm/re2.wasm'));
  const runtime = runtimeOf(compileBytes(prepareModule(wasm)));
  const store = new Re2Store(() => runtime);
  return {
    rules: rules.map((rule) => withMaskedExamples(rule, store)),
    scanOptions: optionRows(scan.help.options),
    config: configTable,
    reviewConfig: reviewTable,
    packages: await bundledPackages(root),
    noticeHead: read(root, 'scripts/notice-head.txt'),
  };
}

export function readDocs(root: string): DocsFiles {
  return {
    'README.md': read(root, 'README.md'),
    'docs/rules.md': read(root, 'docs/rules.md'),
    'docs/rules-format.md': read(root, 'docs/rules-format.md'),
    // Wholly generated, so it need not be there.
    NOTICE: read(root, 'NOTICE', ''),
    'rules.schema.json': read(root, 'rules.schema.json', ''),
    'orchestrator/redact-tokens.ts': read(root, 'orchestrator/redact-tokens.ts', ''),
    ...rulePages(root),
  };
}

function rulePages(root: string): Record<`docs/rules/${string}`, string> {
  const folder = join(root, 'docs/rules');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return Object.fromEntries(
    names.map((name) => [`docs/rules/${name}`, read(root, `docs/rules/${name}`)]),
  );
}

function read(root: string, path: string, otherwise?: string): string {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch (error) {
    if (otherwise === undefined) throw error;
    return otherwise;
  }
}
