/** Google Vertex AI: project, region and model are in the path. */
import { AnthropicVertex } from '@anthropic-ai/vertex-sdk/client';
import { GoogleAuth } from 'google-auth-library';
import type { Environment } from '../../config.ts';
import { googleProject } from '../google-project.ts';
import { commonOptions } from './options.ts';

export async function vertexClient(env: Environment): Promise<AnthropicVertex> {
  const region = env['CLOUD_ML_REGION'] ?? '';
  const baseURL = env['ANTHROPIC_VERTEX_BASE_URL'] || publicUrl(region);
  const projectId = googleProject(env) ?? '';
  return new AnthropicVertex({
    ...(await commonOptions(baseURL, env)),
    baseURL,
    region,
    projectId,
    googleAuth: new QuietAuth({
      scopes: 'https://www.googleapis.com/auth/cloud-platform',
      // Unless it is told the project, the library runs a `gcloud` from the search path to ask.
      projectId,
    }),
  });
}

/** The client asks for credentials when it is made and looks at the answer when it sends. */
class QuietAuth extends GoogleAuth {
  override getClient(): ReturnType<GoogleAuth['getClient']> {
    const client = super.getClient();
    // Without this, a machine without credentials would end the process before the first request.
    client.catch(() => undefined);
    return client;
  }
}

function publicUrl(region: string): string {
  if (region === 'global') return 'https://aiplatform.googleapis.com/v1';
  if (region === 'us' || region === 'eu')
    return `https://aiplatform.${region}.rep.googleapis.com/v1`;
  return `https://${region}-aiplatform.googleapis.com/v1`;
}
