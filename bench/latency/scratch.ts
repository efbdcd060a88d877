/** A home, a project and a copy of the plugin, apart from the user's own and from a build that runs meanwhile. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { serviceDir } from '../../host/service/paths.ts';

/** A byte for each start: appending one never mixes with another's. */
const WITNESS = `#!/bin/sh
printf x >>"$SG_BENCH_STARTS"
exec "$SG_BENCH_NODE" "$@"
`;

export class Scratch {
  readonly root: string;
  readonly plugin: string;
  readonly configDir: string;
  readonly project: string;

  /** `plugin` is the built one. Throws when it has no service. */
  constructor(plugin: string) {
    if (!existsSync(join(plugin, 'service/main.js')))
      throw new Error(`${join(plugin, 'service/main.js')} is missing: run \`npm run build\``);
    this.root = mkdtempSync(join(tmpdir(), 'sg-bench-'));
    this.plugin = join(this.root, 'plugin');
    this.configDir = join(this.root, 'home/.claude');
    this.project = join(this.root, 'project');
    cpSync(plugin, this.plugin, { recursive: true });
    mkdirSync(this.configDir, { recursive: true });
    mkdirSync(join(this.project, 'src'), { recursive: true });
    mkdirSync(join(this.root, 'bin'));
    writeFileSync(join(this.root, 'bin/node'), WITNESS, { mode: 0o755 });
  }

  get serviceDir(): string {
    return serviceDir(join(this.configDir, 'security'));
  }

  /** Nothing of the user's settings gets in; what the host adds is there. */
  environment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      HOME: join(this.root, 'home'),
      TMPDIR: tmpdir(),
      CLAUDE_CONFIG_DIR: this.configDir,
      CLAUDE_PROJECT_DIR: this.project,
      CLAUDE_PLUGIN_ROOT: this.plugin,
      ...extra,
    };
  }

  /** The same, with a `node` in front of the real one that notes that it was started. */
  watchedEnvironment(): Record<string, string> {
    const environment = this.environment();
    const path = [join(this.root, 'bin'), environment['PATH']].join(delimiter);
    const log = this.#startsFile;
    return { ...environment, PATH: path, SG_BENCH_STARTS: log, SG_BENCH_NODE: process.execPath };
  }

  /** How many Node.js processes were started under `watchedEnvironment`: hooks that fell back to one. */
  get nodeStarts(): number {
    return existsSync(this.#startsFile) ? readFileSync(this.#startsFile).length : 0;
  }

  get #startsFile(): string {
    return join(this.root, 'starts');
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 3 });
  }
}
