/** The user's home folder. */
import { homedir } from 'node:os';

/** Undefined where there is none: `os.homedir` throws for a user that the system does not know. */
export function homeOrNone(): string | undefined {
  try {
    return homedir() || undefined;
  } catch {
    return undefined;
  }
}
