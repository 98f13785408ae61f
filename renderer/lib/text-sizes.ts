/** Text sizes to choose from, in percent. */
export const textSizes = [90, 100, 110, 125, 150] as const;
