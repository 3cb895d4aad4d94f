// Time is an argument everywhere but here. A clock is read at the rims (intake, API, gateway) and handed inward.

/** Milliseconds since 1970, UTC. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();
