// What the browser remembers for us. Where it refuses (private windows, policies) the page works without memory.
export function recall(name: string): string | undefined {
  try {
    return localStorage.getItem(`tallygate.${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`tallygate.${name}`, value);
  } catch {
    // Then it is asked again next time.
  }
}
