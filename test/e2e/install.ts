/** Vitest's global setup of the tests against the real program: it is there before two files look for it at once. */
import { claudeBinary } from './claude-cli.ts';

export default function setup(): void {
  claudeBinary();
}
