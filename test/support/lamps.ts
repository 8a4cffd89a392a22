import { defaultLimits, type Limits } from '../../shared/engine/context.ts';
import type { Result, RunReport } from '../../shared/engine/outcome.ts';
import type { Acted, Found, Missing, Policy, Shown, Surroundings } from '../../shared/engine/policy.ts';
import type { GuardSettings, Log, Ports } from '../../shared/engine/ports.ts';
import { run } from '../../shared/engine/run.ts';
import type { Place, ResourceRef, Signal } from '../../shared/engine/signal.ts';
import type { Change, Json, Resource, Severity, Verdict } from '../../shared/engine/verdict.ts';
import { MemoryJournal } from './memory-journal.ts';

/** One lamp of an account: the engine's tests keep lamps dark, so that no AWS service is in their way. */
export interface Lamp {
  readonly id: string;
  readonly place: Place;
  name?: string;
  tags: Map<string, string>;
  /** `flicker`: whether it is lit cannot be told. */
  light: 'off' | 'lit' | 'flicker';
  /** A new one each time that it is lit. */
  lighting: number;
  severity: Severity;
  /** A lamp without a switch is only told about. */
  switch: boolean;
  /** Switching it off only takes back what was begun here before. */
  takesBack?: boolean;
  /** Reads after the next change that still show the old state. */
  stale: number;
  /** Reads before it can be seen. */
  hidden: number;
  /** What switching it off answers instead of doing it. */
  refuses?: {
    code: string;
    uncertain?: boolean;
    takesEffect?: boolean;
    throws?: boolean;
    after?: Json;
    final?: boolean;
  };
  /** Tries that use up an invocation before it goes dark. */
  dims?: number;
  /** What is noticed while it is switched off. */
  attention?: string;
  /** What is wrong with it, where it is not just that it is lit. */
  reasonCode?: string;
  /** By which switching it off anew is known to be the same. */
  repeatKey?: string;
  /** Judging it throws. */
  cursed?: boolean;
  /** Somebody may still be reading by it. */
  notBefore?: Date;
  /** Nobody knows how long it has been there. */
  afterSightMs?: number;
}

interface LampRead extends Resource {
  readonly light: Lamp['light'];
  readonly lighting: number;
  readonly severity: Severity;
  readonly switch: boolean;
  readonly takesBack: boolean;
  readonly cursed: boolean;
  readonly reasonCode: string | undefined;
  readonly repeatKey: string | undefined;
  readonly notBefore: Date | undefined;
  readonly afterSightMs: number | undefined;
}

export const home: Place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
export const away: Place = { ...home, region: 'us-east-1' };
export const noon = new Date('2026-11-20T12:00:00Z');

export function lampArn({ id, place }: Pick<Lamp, 'id' | 'place'>): string {
  return `arn:aws:test:${place.region}:${place.account}:lamp/${id}`;
}

/** An account full of lamps, its clock, its journal, and all that a run needs, recording every call in order. */
export class House {
  readonly lamps: Lamp[] = [];
  readonly calls: string[] = [];
  readonly switchedOff: string[] = [];
  readonly postponed: { signal: Signal; delaySeconds: number }[] = [];
  readonly told: RunReport[] = [];
  readonly toldUntil = new Map<string, number>();
  readonly logged: string[] = [];
  readonly journal: MemoryJournal;
  time = noon.getTime();
  pageSize = 50;
  remaining = () => 300_000;
  killSwitch: () => 'on' | 'off' | 'missing' = () => 'off';
  whoTagged: (id: string) => string | undefined = () => undefined;
  enter: (place: Place) => void = () => {};
  /** Called before each page; may throw, or change the account meanwhile. */
  onFind: (signal: Signal) => void = () => {};
  onGather: () => void = () => {};
  onAct: (lamp: Lamp) => void = () => {};
  /** What goes on during an act, which may ask whether to go on. */
  whileActing: (around: Surroundings<House>) => Promise<void> = async () => {};
  /** Called before a tag is written; may throw. */
  onAnnounce: () => void = () => {};
  notify: () => void = () => {};
  /** What finds no room in a message. */
  noRoomFor: (result: Result) => boolean = () => false;
  postpone: () => void = () => {};
  firstTold: () => void = () => {};
  noteTold: () => void = () => {};
  notPlanned?: NonNullable<Ports<House>['notPlanned']>;
  unseen?: (missing: Missing) => boolean;
  /** What a dark lamp shows of how it went dark. */
  shows?: () => Shown;
  /** What no sweep can read. */
  unreadable: readonly string[] = [];
  kind: 'security' | 'cost' | 'tagging' = 'security';
  mostADay?: number;
  #ids = 0;

  constructor() {
    this.journal = new MemoryJournal(() => this.now());
  }

  now(): Date {
    return new Date(this.time);
  }

  add(id: string, lamp: Partial<Lamp> = {}): Lamp {
    const added: Lamp = {
      id,
      place: home,
      tags: new Map(),
      light: 'lit',
      lighting: 1,
      severity: 'medium',
      switch: true,
      stale: 0,
      hidden: 0,
      ...lamp,
    };
    this.lamps.push(added);
    return added;
  }

  addMany(count: number, lamp: Partial<Lamp> = {}): Lamp[] {
    return Array.from({ length: count }, (_, index) => this.add(`lamp-${this.lamps.length + index}`, lamp));
  }

  light(lamp: Lamp): void {
    lamp.light = 'lit';
    lamp.lighting++;
  }

  get litIds(): string[] {
    return this.lamps.filter(({ light }) => light === 'lit').map(({ id }) => id);
  }

  readonly ports: Ports<House> = {
    now: () => this.now(),
    sleep: async (ms) => {
      this.calls.push(`sleep ${ms}`);
      this.time += ms;
    },
    random: () => 0.5,
    newId: () => `id-${++this.#ids}`,
    enter: async (place) => {
      this.enter(place);
      return this;
    },
    journal: {
      recent: (arn, since) => this.#journaled('recent', () => this.journal.recent(arn, since)),
      begin: (intent, taking) => this.#journaled('begin', () => this.journal.begin(intent, taking)),
      reserve: (taking, whole) => this.#journaled('reserve', () => this.journal.reserve(taking, whole)),
      finish: (...given) => this.#journaled('finish', () => this.journal.finish(...given)),
      firstSeen: (arn, policy, at) => this.#journaled('seen', () => this.journal.firstSeen(arn, policy, at)),
      seenAnew: (arn, policy, at) => this.#journaled('seen', () => this.journal.seenAnew(arn, policy, at)),
      lastScans: (policy) => this.#journaled('lastScans', () => this.journal.lastScans(policy)),
      noteScans: (...given) => this.#journaled('noteScans', () => this.journal.noteScans(...given)),
      open: (policy, by, most) => this.#journaled('open', () => this.journal.open(policy, by, most)),
      claim: (entry, until) => this.#journaled('claim', () => this.journal.claim(entry, until)),
      told: (intents) => this.#journaled('told', () => this.journal.told(intents)),
      marks: {
        open: (policy) => this.#journaled('marks.open', () => this.journal.marks.open(policy)),
        put: (...given) => this.#journaled('marks.put', () => this.journal.marks.put(...given)),
        told: (mark) => this.#journaled('marks.told', () => this.journal.marks.told(mark)),
        close: (...given) => this.#journaled('marks.close', () => this.journal.marks.close(...given)),
      },
    },
    killSwitch: async () => {
      this.calls.push('kill-switch');
      return this.killSwitch();
    },
    whoTagged: async (resource) => {
      this.calls.push(`who-tagged ${resource.id}`);
      return this.whoTagged(resource.id);
    },
    firstTold: async (arn, key, until) => {
      this.firstTold();
      const known = this.toldUntil.get(`${arn} ${key}`) ?? 0;
      if (known > this.time) return false;
      this.toldUntil.set(`${arn} ${key}`, until.getTime());
      return true;
    },
    noteTold: async (arn, key, until) => {
      this.noteTold();
      this.toldUntil.set(`${arn} ${key}`, until.getTime());
    },
    postpone: async (signal, delaySeconds) => {
      this.postpone();
      this.postponed.push({ signal, delaySeconds });
    },
    notify: async (report) => {
      this.calls.push('notify');
      this.notify();
      this.told.push(report);
      return report.results.filter((result) => this.noRoomFor(result));
    },
    remainingMs: () => this.remaining(),
    log: this.#log(),
    isOurs: (resource) => resource.tags.get('reeve:part') === 'lamp',
  };

  #journaled<T>(call: string, work: () => Promise<T>): Promise<T> {
    this.calls.push(`journal.${call}`);
    return work();
  }

  #log(): Log {
    const write = (message: string) => this.logged.push(message);
    return { info: write, warn: write, error: write };
  }

  run(
    signal: Signal = named(...this.lamps.map(({ id }) => id)),
    guard: Partial<GuardSettings> = {},
    places: readonly Place[] = [home],
    limits: Partial<Limits> = {},
  ): Promise<RunReport> {
    const policy = {
      ...lightsOut,
      kind: this.kind,
      ...(this.mostADay && { mostADay: this.mostADay }),
      ...(this.shows && { shows: this.shows }),
      ...(this.unseen && { unseen: (m: Missing) => this.#unseen(m) }),
    };
    const ports = { ...this.ports, ...(this.notPlanned && { notPlanned: this.notPlanned }) };
    return run(policy, signal, places, {}, { ...enforcing, ...guard }, ports, {
      ...defaultLimits,
      ...limits,
    });
  }

  #unseen(missing: Missing): { resource: LampRead; verdict: Verdict<Change> } | undefined {
    const lamp = this.lamps.find(({ id }) => id === missing.ref.id);
    if (!lamp || !this.unseen?.(missing)) return undefined;
    const resource = read(lamp);
    return { resource, verdict: lightsOut.judge(resource, true, {}, this.now()) };
  }
}

export const enforcing: GuardSettings = {
  mode: 'enforce',
  caps: { count: 1000, percent: 100 },
  exemption: { tag: 'reeve:exempt', maxDays: 90, setBy: [] },
  protect: { ids: [], names: [], tags: [] },
  breaker: { escalateAt: 3, openAt: 10 },
  accounts: [],
};

/** An event that names lamps. */
export function named(...ids: readonly string[]): Signal {
  const resources: ResourceRef[] = ids.map((id) => ({ type: 'Test::Lamp', id }));
  return {
    ...sweep,
    cause: { kind: 'api-call', name: 'LightLamp' },
    scope: { kind: 'resources', resources },
  };
}

/** A scheduled look at everything. */
export const sweep: Signal = {
  ...home,
  id: 'event-1',
  scope: { kind: 'sweep' },
  cause: { kind: 'schedule', name: 'daily' },
  actor: {
    type: 'IAMUser',
    arn: 'arn:aws:iam::111122223333:user/ana',
    name: 'ana',
    sourceIp: '203.0.113.9',
    invokedBy: undefined,
  },
  time: noon,
  delivery: 'live',
};

const lightsOut: Policy<House, object, LampRead, true, Change> = {
  name: 'lights-out',
  title: 'No lamp burns',
  kind: 'security',

  async *find(
    signal: Signal,
    _settings: object,
    { aws, place }: Surroundings<House>,
  ): AsyncGenerator<Found<LampRead>> {
    aws.calls.push('find');
    const here = aws.lamps.filter(
      (lamp) => lamp.place.region === place.region && lamp.place.account === place.account,
    );
    if (signal.scope.kind === 'sweep') {
      for (let at = 0; at < here.length; at += aws.pageSize) {
        aws.onFind(signal);
        yield { resources: here.slice(at, at + aws.pageSize).map(read), missing: [] };
      }
      const missing = aws.unreadable.map((id): Missing => {
        return { ref: { type: 'Test::Lamp', id }, why: 'unreadable', reason: `${id} may not be looked at.` };
      });
      if (missing.length > 0) yield { resources: [], missing };
      return;
    }
    aws.onFind(signal);
    const resources: LampRead[] = [];
    const missing: Missing[] = [];
    for (const ref of signal.scope.resources) {
      const lamp = here.find(({ id }) => id === ref.id);
      if (!lamp) missing.push({ ref, why: 'gone', reason: `${ref.id} was taken down.` });
      else if (lamp.hidden-- > 0)
        missing.push({ ref, why: 'not-visible', reason: `${ref.id} is not visible yet.` });
      else resources.push(read(lamp));
    }
    yield { resources, missing };
  },

  async gather(resources, _settings, { aws }) {
    aws.onGather();
    return new Map(
      resources.filter(({ id }) => !id.startsWith('factless')).map(({ id }) => [id, true as const]),
    );
  },

  judge(lamp): Verdict<Change> {
    if (lamp.cursed) throw new Error(`the judge tripped over ${lamp.id}`);
    const common = { evidence: [{ light: lamp.light }], reasonCode: lamp.reasonCode ?? `lamp-${lamp.light}` };
    if (lamp.light === 'off') return { ...common, verdict: 'compliant', reason: 'It is dark.' };
    if (lamp.light === 'flicker') return { ...common, verdict: 'unknown', reason: 'It flickers.' };
    return {
      ...common,
      verdict: 'violation',
      reason: `${lamp.id} is lit.`,
      severity: lamp.severity,
      advice: [],
      ...(lamp.notBefore && { notBefore: lamp.notBefore }),
      ...(lamp.afterSightMs !== undefined && { afterSightMs: lamp.afterSightMs }),
      remedy: lamp.switch
        ? {
            action: 'switch-off',
            summary: `Switch off ${lamp.id}`,
            past: 'switched off a lamp',
            fingerprint: `lighting-${lamp.lighting}`,
            ...(lamp.repeatKey !== undefined && { repeatKey: lamp.repeatKey }),
            before: { light: 'lit' },
            undo: `Switch ${lamp.id} on again.`,
            parameters: { lamp: lamp.id },
            takesBack: lamp.takesBack,
          }
        : undefined,
    };
  },

  async announce({ id }, { key, value }, { aws }) {
    aws.calls.push(`announce ${id}`);
    aws.onAnnounce();
    aws.lamps.find((lamp) => lamp.id === id)?.tags.set(key, value);
  },

  async withdraw({ id }, { key }, { aws }) {
    aws.calls.push(`withdraw ${id}`);
    aws.lamps.find((lamp) => lamp.id === id)?.tags.delete(key);
  },

  async act(_change, { id }, around): Promise<Acted> {
    const { aws, place } = around;
    aws.calls.push(`act ${id}`);
    const lamp = aws.lamps.find((each) => each.id === id && each.place.region === place.region);
    if (!lamp) return { result: 'gone', reason: `${id} was taken down.` };
    if (lamp.light === 'off') return { result: 'gone', reason: `${id} is dark already.` };
    aws.onAct(lamp);
    await aws.whileActing(around);
    if (lamp.dims) {
      lamp.dims--;
      return { result: 'unfinished', reason: `${id} is half dark.`, after: { left: lamp.dims } };
    }
    const { refuses } = lamp;
    if (!refuses || refuses.takesEffect) {
      aws.switchedOff.push(id);
      lamp.light = 'off';
    }
    if (refuses?.throws) throw new Error('the line broke');
    if (refuses)
      return {
        result: 'failed',
        code: refuses.code,
        reason: 'It refuses.',
        uncertain: refuses.uncertain ?? false,
        final: refuses.final ?? false,
        ...(refuses.after !== undefined && { after: refuses.after }),
      };
    const attention = lamp.attention && { attention: [lamp.attention] };
    return { result: 'done', after: { light: 'off' }, requestId: 'request-1', ...attention };
  },
};

function read(lamp: Lamp): LampRead {
  const stillShown = lamp.light === 'off' && lamp.stale > 0;
  if (stillShown) lamp.stale--;
  return {
    type: 'Test::Lamp',
    id: lamp.id,
    arn: lampArn(lamp),
    name: lamp.name,
    tags: lamp.tags,
    light: stillShown ? 'lit' : lamp.light,
    lighting: lamp.lighting,
    severity: lamp.severity,
    takesBack: lamp.takesBack === true,
    switch: lamp.switch,
    cursed: lamp.cursed ?? false,
    reasonCode: lamp.reasonCode,
    repeatKey: lamp.repeatKey,
    notBefore: lamp.notBefore,
    afterSightMs: lamp.afterSightMs,
  };
}
