/** Amazon's credentials for its three clients. */
import type { Environment } from '../../config.ts';

export interface AwsKeys {
  readonly access: string;
  readonly secret: string;
  readonly session: string | null;
}

/**
 * Keys that the environment holds. Undefined: the client asks Amazon's own chain of profiles, single
 * sign-on and instance roles, as the user's other tools do.
 */
export function awsKeys(env: Environment): AwsKeys | undefined {
  const access = env['AWS_ACCESS_KEY_ID'];
  const secret = env['AWS_SECRET_ACCESS_KEY'];
  if (!access || !secret) return undefined;
  return { access, secret, session: env['AWS_SESSION_TOKEN'] || null };
}
