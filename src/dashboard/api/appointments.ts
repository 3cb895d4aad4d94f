// What the API answers of appointments at doors.
export interface Appointment {
  readonly id: string;
  readonly site: string;
  readonly door: string;
  readonly direction: 'in' | 'out';
  readonly from: string;
  readonly to: string;
  readonly inbound: string | null;
  readonly load: string | null;
  readonly carrier: string | null;
  readonly note: string | null;
  readonly state: 'booked' | 'arrived' | 'left' | 'cancelled';
  readonly punctuality: 'due' | 'on-time' | 'late' | 'no-show' | null;
  readonly lateMinutes: number;
  readonly arrivedAt: string | null;
}
