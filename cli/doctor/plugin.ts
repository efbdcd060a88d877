/** The runtime and the plugin's own files. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../host/config.ts';
import { findProgram, searchPath } from '../../host/program.ts';
import { VERSION } from '../../host/service/health/version.ts';
import { compileWasm } from '../../host/wasm.ts';
import { readMarketplace } from '../claude/claude.ts';
import type { Io } from '../io.ts';
import { fail, ok, warn } from './check.ts';
import type { Check } from './check.ts';
import { runProgram } from './program.ts';

const OLDEST_NODE = 20;

/** The Node.js that a hook will find. */
export async function checkRuntime(io: Io): Promise<Check> {
  const action = `install Node.js ${OLDEST_NODE} or newer and put it on PATH`;
  const node = findProgram('node', searchPath(io.env));
  if (node === undefined)
    return fail('runtime', 'no node in the folders of PATH: hooks check nothing', action);
  const version = await runProgram(node, ['--version'], io);
  const found = /^v(\d+)\.\d+\.\d+/.exec(version ?? '');
  if (found === null) return fail('runtime', `${node} does not say its version`, action);
  const said = `Node.js ${found[0]} at ${node}`;
  return Number(found[1]) < OLDEST_NODE
    ? fail('runtime', `${said} is too old`, action)
    : ok('runtime', said);
}

const REINSTALL = 'build or install the package again, then run "sg install"';

const FILES = [
  '.claude-plugin/plugin.json',
  'hooks/hooks.json',
  'hooks/run.sh',
  'hooks/block.sh',
  'hooks/client.pl',
  'hooks/client-rest.pl',
  'hooks/post-tool-use.js',
  'block/main.js',
  'turn/main.js',
  'rules.json',
  'rules.pack',
  'secrets.pack',
  're2.snapshot',
  're2.wasm',
  'warm-up.json',
  'service/main.js',
  'service/edit-worker.js',
  'service/start.js',
  'service/worker.js',
];

export function checkPlugin(io: Io): Check[] {
  const { plugin } = io.assets;
  const missing = FILES.filter((file) => !isFile(join(plugin, file)));
  if (missing.length > 0)
    return [fail('plugin', `${plugin}: missing ${missing.join(', ')}`, REINSTALL)];
  const damaged = damagedFiles(plugin);
  if (damaged.length > 0)
    return [fail('plugin', `${plugin}: damaged ${damaged.join(', ')}`, REINSTALL)];
  const version = stringIn(join(plugin, '.claude-plugin/plugin.json'), ['version']);
  if (version !== VERSION) {
    return [
      fail('plugin', `${plugin} is version ${version ?? 'unknown'}, sg is ${VERSION}`, REINSTALL),
    ];
  }
  return [ok('plugin', `version ${version}, ${FILES.length} files complete in ${plugin}`)];
}

function isFile(path: string): boolean {
  try {
    const stats = statSync(path);
    return stats.isFile() && stats.size > 0;
  } catch {
    return false;
  }
}

function damagedFiles(plugin: string): string[] {
  const json = ['rules.json', 'hooks/hooks.json', '.claude-plugin/plugin.json'];
  const damaged = json.filter((file) => readJson(join(plugin, file)) === undefined);
  try {
    compileWasm(join(plugin, 're2.wasm'));
  } catch {
    damaged.push('re2.wasm');
  }
  return damaged;
}

/** Whether the user's Claude Code has the plugin switched on, as far as its settings say. */
export function checkInstalled(io: Io, config: Config): Check {
  const names = readMarketplace(io.assets.dist);
  const action = 'run "sg install"';
  if (names === undefined)
    return warn('installed', `no marketplace file in ${io.assets.dist}`, REINSTALL);
  const id = `${names.plugin}@${names.marketplace}`;
  if (config.configDir === undefined)
    return warn(
      'installed',
      'no folder of Claude Code: neither CLAUDE_CONFIG_DIR nor HOME',
      action,
    );
  const settings = join(config.configDir, 'settings.json');
  const enabled = valueIn(settings, ['enabledPlugins', id]);
  if (enabled === true) return ok('installed', `${id} is enabled in ${settings}`);
  const others = pluginsNamed(names.plugin, settings);
  if (others.length > 0) return ok('installed', `${others.join(', ')} is enabled in ${settings}`);
  return warn(
    'installed',
    `${id} is not enabled in ${settings}; a project or --plugin-dir may still load it`,
    action,
  );
}

/** The same plugin from another marketplace. */
function pluginsNamed(plugin: string, settings: string): string[] {
  const all = valueIn(settings, ['enabledPlugins']);
  if (typeof all !== 'object' || all === null) return [];
  return Object.entries(all)
    .filter(([id, enabled]) => id.startsWith(`${plugin}@`) && enabled === true)
    .map(([id]) => id);
}

function stringIn(file: string, path: readonly string[]): string | undefined {
  const value = valueIn(file, path);
  return typeof value === 'string' ? value : undefined;
}

function valueIn(file: string, path: readonly string[]): unknown {
  let value: unknown = readJson(file);
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name))
      return undefined;
    value = new Map<string, unknown>(Object.entries(value)).get(name);
  }
  return value;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
