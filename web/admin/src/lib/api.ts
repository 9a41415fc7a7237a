import { createApiClient } from "@arv/api-client";

/** The API of the host the panel came from. */
export const api = createApiClient();
