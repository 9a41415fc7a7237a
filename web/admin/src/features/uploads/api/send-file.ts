import { startUpload } from "@arv/api-client";

/** Send a file to a company's uploads. */
export const sendFile = startUpload;
