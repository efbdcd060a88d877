/** A plugin that writes each hook payload to a file, and the file made fit for the demo. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asRecord } from './api-rules.ts';
import type { SessionEdit } from './session.ts';

/** Makes the plugin in `dir`; it appends a line for each edit to `file`. */
export function createRecorder(dir: string, file: string): void {
  mkdirSync(join(dir, '.claude-plugin'), { recursive: true });
  mkdirSync(join(dir, 'hooks'));
  writeFileSync(
    join(dir, '.claude-plugin/plugin.json'),
    JSON.stringify({ name: 'recorder', version: '1.0.0', description: 'Keeps hook payloads.' }),
  );
  const hook = { type: 'command', command: `cat >> '${file}'` };
  const matcher = 'Edit|Write|MultiEdit|NotebookEdit';
  writeFileSync(
    join(dir, 'hooks/hooks.json'),
    JSON.stringify({ hooks: { PostToolUse: [{ matcher, hooks: [hook] }] } }),
  );
}

/** The recorded payloads with this machine taken out: `{{ROOT}}` stands for the project. */
export function demoSession(
  file: string,
  edits: readonly SessionEdit[],
  project: string,
): unknown[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  if (lines.length !== edits.length) {
    throw new Error(`${lines.length} payloads were recorded, expected ${edits.length}`);
  }
  return edits.map(({ label, kind }, index) => {
    const text = (lines[index] ?? '').replaceAll(JSON.stringify(project).slice(1, -1), '{{ROOT}}');
    const payload = {
      ...asRecord(JSON.parse(text)),
      session_id: 'demo',
      transcript_path: '/dev/null',
      duration_ms: 5,
      prompt_id: 'demo',
    };
    return { label, kind, payload };
  });
}
