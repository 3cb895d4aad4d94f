/** Something to be undone when the service stops; the last one first. */
export type Undo = () => Promise<void>;
