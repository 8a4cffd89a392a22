import * as z from 'zod';

const portNumber = z.int().min(1).max(65_535);

const watchedPort = z
  .union([
    portNumber,
    z.strictObject({
      /** TCP port. */
      port: portNumber,
      /** `revoke` (default): close it; `alert`: only tell. */
      action: z.enum(['revoke', 'alert']).default('revoke'),
    }),
  ])
  .transform((given) => (typeof given === 'number' ? { port: given, action: 'revoke' as const } : given));

/** Settings of revoke-open-ssh in `reeve.yml`; unknown keys are mistakes. */
export const settings = z.strictObject({
  /** TCP ports that the world must not reach; 80 and 443 are nobody's business unless listed. Default: 22. */
  ports: z
    .array(watchedPort)
    .min(1)
    .refine((ports) => new Set(ports.map(({ port }) => port)).size === ports.length, 'each port once')
    .default([{ port: 22, action: 'revoke' }]),
  /**
   * A rule that opens more than the watched ports (20-25, all traffic). `revoke-if-unused` (default): revoke it when no
   * network interface uses the group, else alert; `revoke`: always, with its legitimate rest; `narrow`: put the rest
   * back as rules of their own first (all traffic cannot be narrowed and is treated as by default); `alert`: only tell.
   */
  onWiderRange: z.enum(['revoke-if-unused', 'revoke', 'narrow', 'alert']).default('revoke-if-unused'),
  /** Sources that are not the world, but large parts of it. */
  wideBlocks: z
    .strictObject({
      /** Longest IPv4 prefix that is still wide. Default: 8. */
      ipv4: z.int().min(1).max(32).default(8),
      /** Longest IPv6 prefix that is still wide. Default: 16. */
      ipv6: z.int().min(1).max(128).default(16),
      /** `alert` (default): only tell; `revoke`: treat like the world; `ignore`. */
      action: z.enum(['alert', 'revoke', 'ignore']).default('alert'),
    })
    .prefault({}),
  /** A group that is associated with further VPCs (B3.43). `revoke` (default): as any other; `alert`: only tell. */
  sharedGroups: z.enum(['revoke', 'alert']).default('revoke'),
});

export type Settings = z.infer<typeof settings>;
