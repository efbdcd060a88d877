/** A plugin whose service and hook are a few lines each, so that the suite itself is under test. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
import { prepareModule } from '../../host/re2-module.ts';

export type Fault = 'none' | 'refuse' | 'silent' | 'miscount' | 'broken';

const SOURCES = fileURLToPath(new URL('stand-in/', import.meta.url));
const WASM = createRequire(import.meta.url).resolve('re2-wasm/build/wasm/re2.wasm');

const HOOKS = {
  hooks: {
    PostToolUse: [
      {
        matcher: 'Write',
        hooks: [
          { type: 'command', command: 'sh "${CLAUDE_PLUGIN_ROOT}/hooks/run.sh" post-tool-use' },
        ],
      },
    ],
  },
};

/** Makes the plugin in a temporary folder, which goes away after the test. */
export function standInPlugin(fault: Fault = 'none'): string {
  const plugin = mkdtempSync(join(tmpdir(), 'sg stand-in '));
  folders.push(plugin);
  mkdirSync(join(plugin, 'hooks'));
  mkdirSync(join(plugin, 'service'));
  writeFileSync(join(plugin, 'rules.json'), JSON.stringify([{ patterns: ['\\beval\\('] }]));
  writeFileSync(join(plugin, 'hooks/hooks.json'), JSON.stringify(HOOKS));
  writeFileSync(join(plugin, 'mode'), fault);
  copyFileSync(join(SOURCES, 'main.cjs'), join(plugin, 'service/main.js'));
  for (const name of ['run.sh', 'post-tool-use.cjs'])
    copyFileSync(join(SOURCES, name), join(plugin, 'hooks', name));
  writeFileSync(join(plugin, 're2.wasm'), prepareModule(readFileSync(WASM)));
  return plugin;
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
