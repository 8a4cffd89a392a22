/** Written by the build (esbuild.config.ts): what `reeve.yml` says about the policy whose bundle this is. */
declare module 'reeve:settings' {
  export const embedded: unknown;
}

/** The way back of every policy that there is; esbuild.config.ts collects them. */
declare module 'reeve:ways-back' {
  export const waysBack: readonly import('../engine/way-back.ts').WayBack<import('../aws/access.ts').Aws>[];
}
