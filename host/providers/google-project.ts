/** The Google project that pays. */
import type { Environment } from '../config.ts';

/** Variables that name it, the first that is set. */
const PROJECT_VARIABLES = [
  'ANTHROPIC_VERTEX_PROJECT_ID',
  'GOOGLE_CLOUD_PROJECT',
  'GCLOUD_PROJECT',
] as const;

/** Undefined when none of the variables is set: nothing else is asked. */
export function googleProject(env: Environment): string | undefined {
  return PROJECT_VARIABLES.map((name) => env[name]).find((value) => value);
}
