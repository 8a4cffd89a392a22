/** Written by the build (esbuild.config.ts): what `reeve.yml` says about the policy whose bundle this is. */
declare module 'reeve:settings' {
  export const embedded: unknown;
}
