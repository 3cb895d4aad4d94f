// Loads again until it came: a wall screen has nobody who presses "Try again".
import { asFault, type ApiFault } from '../api/client.ts';

export const RETRY_MS = 3000;

/** Ends when it came or was aborted, or failed in a way that will not pass; `onFault` is told of every failure. */
export async function untilLoaded(
  load: () => Promise<void>,
  aborted: AbortSignal,
  onFault: (fault: ApiFault) => void,
): Promise<void> {
  while (!aborted.aborted) {
    try {
      await load();
      return;
    } catch (error) {
      if (aborted.aborted) return;
      const fault = asFault(error);
      onFault(fault);
      if (!fault.isPassing) return;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
