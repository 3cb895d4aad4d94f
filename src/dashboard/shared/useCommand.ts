// Sends a command once. The key is made when it is first sent and kept until it is settled, so that asking again after a
// broken connection cannot do it twice.
import { useRef, useState } from 'preact/hooks';
import { asFault, newKey, type ApiFault } from '../api/client.ts';

export type CommandState<T> =
  | { readonly kind: 'idle' }
  | { readonly kind: 'sending' }
  | { readonly kind: 'done'; readonly answer: T }
  | { readonly kind: 'failed'; readonly fault: ApiFault };

export interface CommandUse<T> {
  readonly state: CommandState<T>;
  readonly send: () => Promise<void>;
  readonly reset: () => void;
}

export function useCommand<T>(run: (key: string) => Promise<T>): CommandUse<T> {
  const [state, setState] = useState<CommandState<T>>({ kind: 'idle' });
  const key = useRef<string | undefined>(undefined);
  return {
    state,
    async send() {
      key.current ??= newKey();
      setState({ kind: 'sending' });
      try {
        const answer = await run(key.current);
        key.current = undefined;
        setState({ kind: 'done', answer });
      } catch (error) {
        const fault = asFault(error);
        // A refusal is an answer: what is sent after it is another command.
        if (!fault.isPassing) key.current = undefined;
        setState({ kind: 'failed', fault });
      }
    },
    reset() {
      key.current = undefined;
      setState({ kind: 'idle' });
    },
  };
}
