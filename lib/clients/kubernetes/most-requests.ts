/** How many requests an API server gets from one run at the same time, at most: each takes a connection, and there are others. */
export const MOST_REQUESTS = 64;
