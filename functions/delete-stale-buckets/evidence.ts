import type { Evidence, Json } from '../../shared/engine/verdict.ts';
import type { Bucket } from './bucket.ts';
import type { Facts } from './facts.ts';
import type { Life } from './life.ts';
import { earlyDeletion, monthlyCost, PRICES_OF } from './price.ts';
import { PROTECTING_PARTS, type Protection } from './protections.ts';

/** What a dry run shows: what is in it, what it costs, what was checked (B4.52). Counts only, never keys (B4.51). */
export function evidenceOf(
  bucket: Bucket,
  facts: Facts,
  life: Life | undefined,
  against: readonly Protection[],
): readonly Evidence[] {
  return [
    contentsEvidence(bucket, facts),
    signsEvidence(bucket, facts, life),
    checksEvidence(facts, against),
  ];
}

function contentsEvidence(bucket: Bucket, { signs, configuration }: Facts): Evidence {
  if (signs?.contents.state !== 'read') {
    return { contents: signs === undefined ? 'not read' : 'unreadable' };
  }
  const contents = signs.contents.value;
  const { objects, noncurrent, markers, uploads, bytes, classes, newest, complete } = contents;
  const lifecycle = configuration?.get('lifecycle');
  const moves = lifecycle?.state !== 'unset';
  return {
    objects,
    versions: objects + noncurrent,
    deleteMarkers: markers,
    uploads,
    bytes,
    bytesByClass: Object.fromEntries(classes),
    newest: newest?.toISOString() ?? null,
    counted: complete ? 'all' : 'the first pages only',
    monthlyCost: monthlyCost(contents, bucket.region),
    earlyDeletion: earlyDeletion(contents, bucket.region, moves),
    pricesOf: PRICES_OF,
  };
}

function signsEvidence({ createdAt }: Bucket, { signs }: Facts, life: Life | undefined): Evidence {
  return {
    createdAt: createdAt?.toISOString() ?? null,
    lastSignOfLife: life?.state === 'stale' ? life.last.toISOString() : null,
    silentDays: life?.state === 'stale' ? life.days : null,
    metricDays: signs?.trend.state === 'read' ? signs.trend.value.days.length : 'unreadable',
    reading:
      signs?.requests.state === 'read'
        ? 'request metrics'
        : signs?.logs.state === 'read'
          ? 'access logs'
          : 'unknown',
  };
}

function checksEvidence({ configuration, references }: Facts, against: readonly Protection[]): Evidence {
  const checked: readonly Json[] = PROTECTING_PARTS.filter((name) => {
    const state = configuration?.get(name)?.state;
    return state === 'set' || state === 'unset';
  });
  return {
    checked: references === undefined ? checked : [...checked, 'references'],
    against: against.map(({ code }) => code),
    mentions: [...(references?.mentions ?? [])],
  };
}
