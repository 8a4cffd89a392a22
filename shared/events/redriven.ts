/** The key by which `reeve redrive` marks an event that it gives back: how often that was done. Nobody acts on it. */
export const REDRIVEN = 'reeve-redriven';
