// What appointments at doors have become. Times in ms.
import type { AppointmentState } from '../wire/appointment.ts';

export interface AppointmentEffect {
  readonly id: string;
  readonly door: string;
  readonly direction: 'in' | 'out';
  readonly from: number;
  readonly to: number;
  readonly inbound: string | undefined;
  readonly load: string | undefined;
  readonly carrier: string | undefined;
  readonly note: string | undefined;
  readonly state: AppointmentState;
  readonly by: string;
  readonly arrivedAt: number | undefined;
  readonly leftAt: number | undefined;
  readonly changedAt: number;
}
