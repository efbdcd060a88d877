#!/usr/bin/env node
/** Entry of `sg`: the one place that reads the process's arguments, environment, folder and streams. */
import { once } from 'node:events';
import { locateAssets } from './assets.ts';
import { INTERRUPTED, TROUBLE } from './exit.ts';
import { outputOf } from './io.ts';
import type { Io } from './io.ts';
import { run } from './run.ts';

/** How long a command may take to let go after Ctrl-C. */
const GRACE_MS = 1500;

const controller = new AbortController();
const env: Io['env'] = Object.freeze({ ...process.env });

const fail = (error: unknown): void => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`sg: internal error, please report it: ${text}\n`);
  process.exitCode = TROUBLE;
};

const io: Io = {
  cwd: process.cwd(),
  env,
  stdin: readStdin,
  stdout: outputOf(process.stdout, env, (error) => {
    process.stderr.write(`sg: cannot write the output: ${error.message}\n`);
    process.exitCode = TROUBLE;
  }),
  stderr: outputOf(process.stderr, env, () => undefined),
  signal: controller.signal,
  assets: locateAssets(import.meta.url),
};

function interrupt(): void {
  if (controller.signal.aborted) process.exit(INTERRUPTED);
  controller.abort();
  setTimeout(() => process.exit(INTERRUPTED), GRACE_MS).unref();
}
process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);

async function readStdin(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  process.stdin.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(process.stdin, 'end');
  return Buffer.concat(chunks);
}

async function main(): Promise<void> {
  try {
    const code = await run(process.argv.slice(2), io);
    // Not process.exit: what was written must reach its reader. A failed write has set its own code.
    process.exitCode ??= code;
  } catch (error) {
    if (!controller.signal.aborted) fail(error);
  }
  if (controller.signal.aborted) process.exit(INTERRUPTED);
}

void main();
