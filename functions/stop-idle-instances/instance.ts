import type { Stoppable } from '../../shared/aws/ec2/stopping/instance.ts';
import type { Resource } from '../../shared/engine/verdict.ts';

/** An EC2 instance, as far as its idleness and the right to stop it depend on it. */
export interface Instance extends Resource, Stoppable {
  readonly type: 'AWS::EC2::Instance';
  /** When its first interface or disk was attached: its real age. */
  readonly since: Date | undefined;
  /** When it was stopped last, where EC2 says. */
  readonly stoppedAt: Date | undefined;
  readonly publicIp: string | undefined;
  /** Its public address stays with it over a stop. */
  readonly elasticIp: boolean;
  readonly hibernates: boolean;
  /** `Linux/UNIX` has a known price. */
  readonly platform: string | undefined;
  readonly capacityReservation: string | undefined;
  readonly productCodes: readonly string[];
  /** The alarm that pointed here stops or terminates it by itself (B1.68). */
  readonly alarmAction: string | undefined;
}
