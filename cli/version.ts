/** The version of package.json, put in by the build. */
declare const __SG_VERSION__: string | undefined;

export const VERSION: string = typeof __SG_VERSION__ === 'string' ? __SG_VERSION__ : '0.0.0-source';
